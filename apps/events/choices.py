from django.db import models


class Event:
    class Actor(models.TextChoices):
        SHOPPER = "shopper", "Shopper"
        MERCHANT = "merchant", "Merchant user"
        STAFF = "staff", "Staff"
        API = "api", "API key"
        PLATFORM = "platform", "Platform"
        SYSTEM = "system", "System"


class InboxMessage:
    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        PARKED = "parked", "Parked"
