"""The settings that a merchant hands down to its stores."""

from decimal import Decimal

from django.db import models

from apps.accounts import choices


class PreferenceFields(models.Model):
    """One column list for both ends of the sync; sums are minor units of the store's currency."""

    window_start = models.CharField(
        max_length=12,
        choices=choices.Preferences.WindowStart.choices,
        default=choices.Preferences.WindowStart.DELIVERED,
    )
    return_window_days = models.PositiveSmallIntegerField(default=30)
    exchange_window_days = models.PositiveSmallIntegerField(default=30)
    refund_methods = models.JSONField(default=list)
    exchanges_enabled = models.BooleanField(default=True)
    auto_approve = models.BooleanField(default=True)
    auto_accept_on_receipt = models.BooleanField(default=False)
    shipping_rule = models.CharField(
        max_length=20,
        choices=choices.Preferences.Shipping.choices,
        default=choices.Preferences.Shipping.WHEN_ALL_RETURNED,
    )
    threshold_rule = models.CharField(
        max_length=12,
        choices=choices.Preferences.Threshold.choices,
        default=choices.Preferences.Threshold.PRORATE,
    )
    fee_over_refund = models.CharField(
        max_length=8,
        choices=choices.Preferences.FeeOverRefund.choices,
        default=choices.Preferences.FeeOverRefund.CAP,
    )
    tender_order = models.CharField(
        max_length=14,
        choices=choices.Preferences.TenderOrder.choices,
        default=choices.Preferences.TenderOrder.CREDIT_FIRST,
    )
    restocking_kind = models.CharField(
        max_length=16,
        choices=choices.Preferences.Restocking.choices,
        default=choices.Preferences.Restocking.NONE,
    )
    restocking_fixed_minor = models.BigIntegerField(default=0)
    restocking_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    bonus_kind = models.CharField(
        max_length=8,
        choices=choices.Preferences.Bonus.choices,
        default=choices.Preferences.Bonus.NONE,
    )
    bonus_flat_minor = models.BigIntegerField(default=0)
    bonus_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    difference_basis = models.CharField(
        max_length=8,
        choices=choices.Preferences.DifferenceBasis.choices,
        default=choices.Preferences.DifferenceBasis.BASKET,
    )
    lookup = models.CharField(
        max_length=8,
        choices=choices.Store.Lookup.choices,
        default=choices.Store.Lookup.EMAIL,
    )
    proof_first = models.BooleanField(default=False)
    not_shipped_cancel_days = models.PositiveSmallIntegerField(default=28)
    branding = models.JSONField(default=dict, blank=True)
    policy_url = models.URLField(blank=True)

    class Meta:
        abstract = True

    @classmethod
    def synced_fields(cls) -> tuple[str, ...]:
        return tuple(field.attname for field in PreferenceFields._meta.local_fields)
