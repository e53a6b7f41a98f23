from django.db import models

from apps.core.fields import SealedField
from apps.payments.gateways.shop_credit.giving import GivingMixin
from apps.payments.managers import ShopCreditRefundManager
from apps.payments.models import Payment


class ShopCreditRefund(GivingMixin, Payment):
    """A refund paid as credit that the shop keeps: on an account, as a gift card, as a voucher.

    What of it is spent, and when it runs out, only the shop knows.
    """

    credit_id = models.CharField(max_length=120, blank=True)
    code = SealedField(null=True, blank=True)
    holder_id = models.CharField(
        max_length=80, blank=True, help_text="The shop's own id of the customer whose it is"
    )
    credit_expires_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    kept_because = models.CharField(
        max_length=60, blank=True, help_text="The shop's word when it did not take it back"
    )

    # A manager of its own class, where mypy wants the parent's.
    objects = ShopCreditRefundManager()  # type: ignore[misc, assignment]
