from django.db import models


class PortalSession:
    class Level(models.TextChoices):
        SEARCH = "search", "Order number and e-mail"
        PROVED = "proved", "Code or link to the order's contact"
