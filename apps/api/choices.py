from django.db import models


class PortalSession:
    class Level(models.TextChoices):
        FOUND = "found", "Looked up; only a proof can follow"
        SEARCH = "search", "Order number and e-mail"
        PROVED = "proved", "Code or link to the order's contact"
