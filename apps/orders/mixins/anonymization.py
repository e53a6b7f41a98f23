"""What names a person in an order and its returns, taken out; sums, dates and units stay."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.orders import choices

# Where goods went decides tax and rules; it names nobody.
KEPT_OF_ADDRESS = ("country",)


def without_person(address: dict[str, Any]) -> dict[str, Any]:
    return {name: address[name] for name in KEPT_OF_ADDRESS if address.get(name)}


class AnonymizationMixin(RecordsEvents):
    anonymized_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        email: str
        shipping_address: dict[str, Any]
        tags: list[str]

    class Meta:
        abstract = True

    @property
    def is_anonymized(self) -> bool:
        return self.anonymized_at is not None

    @verb
    def anonymize(self, at: datetime) -> bool:
        """False where it was done before. What the shop tells of the order later brings no person
        back."""
        from apps.orders.models import Quote, Return

        if self.is_anonymized:
            return False
        self.email, self.tags, self.anonymized_at = "", [], at
        self.shipping_address = without_person(self.shipping_address)
        # What was asked for has no name, but may have words of the shopper's own.
        Quote.objects.filter(order_id=self.pk).update(request={})
        for ret in Return.objects.filter(order_id=self.pk):
            ret.forget_words()
        self.record(choices.Event.ORDER_ANONYMIZED)
        return True


class ForgettingMixin(models.Model):
    if TYPE_CHECKING:
        notes: list[Any]
        reject_reason: str

    class Meta:
        abstract = True

    @verb
    def forget_words(self) -> None:
        """Free text and photos of a return: the shopper's, and what staff wrote about them."""
        from apps.orders.models import Recovery, ReturnLineItem

        self.notes, self.reject_reason = [], ""
        lines = ReturnLineItem.objects.filter(ret_id=self.pk)
        lines.update(comment="", images=[], reject_reason="")
        Recovery.objects.filter(ret_id=self.pk).update(contests=[])
