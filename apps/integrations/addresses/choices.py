"""Who read an address."""

from django.db import models


class Source(models.TextChoices):
    PARSER = "parser", "Our own rules"
    MODEL = "model", "A language model, checked by our own rules"
