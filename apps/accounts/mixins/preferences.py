"""The settings that a merchant hands down to its stores."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from apps.accounts import choices
from apps.core.errors import DomainError
from apps.core.models import MoneyOf

P = choices.Preferences
LONGEST_WINDOW = 3650
_days = [MaxValueValidator(LONGEST_WINDOW)]
_minor = [MinValueValidator(0)]
_percent = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class UnknownPreference(DomainError):
    code = "unknown_preference"
    title = "There is no such setting"
    status = 400


class InvalidPreference(DomainError):
    code = "invalid_preference"
    title = "The setting cannot have this value"
    status = 400


def known_refund_methods(value: object) -> None:
    """At least one method, each once, none unknown."""
    known = P.RefundMethod.values
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        raise ValidationError("a list of different refund methods is wanted")
    if not value or any(method not in known for method in value):
        raise ValidationError("at least one method, and known ones only")


def default_refund_methods() -> list[str]:
    return [
        P.RefundMethod.ORIGINAL.value,
        P.RefundMethod.STORE_CREDIT.value,
    ]


class PreferenceFields(models.Model):
    """One column list for both ends of the sync; sums are minor units of the store's currency."""

    window_start = models.CharField(
        max_length=12, choices=P.WindowStart.choices, default=P.WindowStart.DELIVERED
    )
    return_window_days = models.PositiveSmallIntegerField(default=30, validators=_days)
    exchange_window_days = models.PositiveSmallIntegerField(default=30, validators=_days)
    refund_methods = models.JSONField(
        default=default_refund_methods, validators=[known_refund_methods]
    )
    credit_at = models.CharField(max_length=4, choices=P.CreditAt.choices, default=P.CreditAt.SHOP)
    exchanges_enabled = models.BooleanField(default=True)
    auto_approve = models.BooleanField(default=True)
    auto_accept_on_receipt = models.BooleanField(default=False)
    shipping_rule = models.CharField(
        max_length=20, choices=P.Shipping.choices, default=P.Shipping.WHEN_ALL_RETURNED
    )
    threshold_rule = models.CharField(
        max_length=12, choices=P.Threshold.choices, default=P.Threshold.PRORATE
    )
    fee_over_refund = models.CharField(
        max_length=8, choices=P.FeeOverRefund.choices, default=P.FeeOverRefund.CAP
    )
    tender_order = models.CharField(
        max_length=14, choices=P.TenderOrder.choices, default=P.TenderOrder.CREDIT_FIRST
    )
    restocking_kind = models.CharField(
        max_length=16, choices=P.Restocking.choices, default=P.Restocking.NONE
    )
    restocking_fixed_minor = models.BigIntegerField(default=0, validators=_minor)
    restocking_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(0), validators=_percent
    )
    bonus_kind = models.CharField(max_length=8, choices=P.Bonus.choices, default=P.Bonus.NONE)
    bonus_flat_minor = models.BigIntegerField(default=0, validators=_minor)
    bonus_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(0), validators=_percent
    )
    difference_basis = models.CharField(
        max_length=8, choices=P.DifferenceBasis.choices, default=P.DifferenceBasis.BASKET
    )
    lookup = models.CharField(
        max_length=8,
        choices=choices.Store.Lookup.choices,
        default=choices.Store.Lookup.EMAIL,
    )
    proof_first = models.BooleanField(default=False)
    not_shipped_cancel_days = models.PositiveSmallIntegerField(default=28, validators=_days)
    branding = models.JSONField(default=dict, blank=True)
    policy_url = models.URLField(blank=True)

    restocking_fixed = MoneyOf("restocking_fixed_minor")
    bonus_flat = MoneyOf("bonus_flat_minor")

    class Meta:
        abstract = True

    @property
    def currency(self) -> str:
        """Of the sums in this row: the merchant's or the store's."""
        raise NotImplementedError

    def allows_refund_by(self, method: str) -> bool:
        return method in self.refund_methods

    def take(self, values: Mapping[str, object]) -> list[str]:
        """Set checked values and name the fields that changed; nothing is set when one is wrong."""
        cleaned = {name: self._clean(name, value) for name, value in values.items()}
        changed = [name for name, value in cleaned.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, cleaned[name])
        return sorted(changed)

    def _clean(self, name: str, value: object) -> object:
        if name not in self.synced_fields():
            raise UnknownPreference(field=name)
        field = next(field for field in self._meta.fields if field.attname == name)
        try:
            return field.clean(value, self)
        except ValidationError as error:
            raise InvalidPreference(field=name, reasons=error.messages) from None

    @classmethod
    def synced_fields(cls) -> tuple[str, ...]:
        return tuple(field.attname for field in PreferenceFields._meta.local_fields)
