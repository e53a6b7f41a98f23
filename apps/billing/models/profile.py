"""Whom an invoice is made out to, and how it is paid."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from apps.billing import choices
from apps.billing.calculator.vat import SELLER_COUNTRY, checked_vat_number, treatment_of
from apps.billing.dtos import ProfileDetails
from apps.billing.managers import BillingProfileManager
from apps.billing.modules.documents.speech import spoken_in
from apps.core.constraints import tenant
from apps.core.errors import DomainError
from apps.core.fields import SealedField
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.payments.dtos import BankAccount
from apps.payments.gateways.bank_transfer.sealing import open_account, seal_account

if TYPE_CHECKING:
    from datetime import date

PLAIN = ("legal_name", "street", "city", "postcode", "country", "email", "method")


class MandateRequired(DomainError):
    code = "mandate_required"
    title = "Direct debit needs an account and the mandate for it"
    status = 400


class CardRequired(DomainError):
    code = "card_required"
    title = "Invoices are charged to a card once one is saved"
    status = 400


class BillingProfile(RecordsEvents, TenantModel):
    """The account stands sealed; only its last four figures are in the clear."""

    merchant = models.OneToOneField(
        "accounts.Merchant", models.PROTECT, related_name="billing_profile"
    )
    legal_name = models.CharField(max_length=150)
    street = models.CharField(max_length=150, blank=True)
    city = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2)
    email = models.EmailField(blank=True)
    vat_number = models.CharField("VAT number", max_length=30, blank=True)
    currency = models.CharField(max_length=3)
    method = models.CharField(
        max_length=13,
        choices=choices.Profile.Method.choices,
        default=choices.Profile.Method.BANK_TRANSFER,
    )
    account = SealedField(null=True, blank=True)
    last_four = models.CharField(max_length=4, blank=True)
    mandate_id = models.CharField(max_length=35, blank=True)
    mandate_signed_on = models.DateField(null=True, blank=True)

    objects = BillingProfileManager()

    class Meta:
        constraints = (
            *tenant("billing_billingprofile"),
            models.CheckConstraint(
                condition=~models.Q(method=choices.Profile.Method.DIRECT_DEBIT)
                | models.Q(account__isnull=False, mandate_signed_on__isnull=False)
                & ~models.Q(mandate_id=""),
                name="billing_billingprofile_mandate",
            ),
            models.UniqueConstraint(
                fields=("mandate_id",),
                condition=~models.Q(mandate_id=""),
                name="billing_billingprofile_mandate_id",
            ),
        )

    def __str__(self) -> str:
        return self.legal_name

    @property
    def is_complete(self) -> bool:
        """Whether an invoice may be made out to it; a Spanish one names the recipient's NIF."""
        named = (self.legal_name, self.street, self.city, self.postcode, self.country)
        return all(named) and (self.country != SELLER_COUNTRY or bool(self.vat_number))

    @property
    def treatment(self) -> choices.Vat.Treatment:
        return treatment_of(self.country, self.postcode, self.vat_number)

    @property
    def language(self) -> str:
        """Of what is written to the merchant: its own, else that of the country it is billed in."""
        return self.merchant.language or spoken_in(self.country)

    @property
    def is_debited(self) -> bool:
        return self.method == choices.Profile.Method.DIRECT_DEBIT

    def debited_account(self) -> BankAccount:
        return open_account(self.account, self)

    @verb
    def change(self, details: ProfileDetails, at: datetime) -> None:
        """Another account needs another mandate. Raises InvalidVatNumber or MandateRequired."""
        before = {name: getattr(self, name) for name in (*PLAIN, "vat_number", "last_four")}
        self.vat_number = checked_vat_number(details.country, details.vat_number)
        for name in PLAIN:
            setattr(self, name, getattr(details, name))
        if details.account is not None:
            self._sign(details.account, at.date())
        if self.is_debited and self.account is None:
            raise MandateRequired
        changed = [name for name, value in before.items() if getattr(self, name) != value]
        self.record(choices.Event.PROFILE_CHANGED, fields=[*changed])

    @verb
    def pay_by(self, method: str) -> None:
        if self.method != method:
            self.method = method
            self.record(choices.Event.PROFILE_CHANGED, fields=["method"])

    def _sign(self, account: BankAccount, today: "date") -> None:
        self.account, self.last_four = seal_account(account, self), account.last_four
        self.mandate_id = f"M{today:%Y%m%d}{self.id.hex[-12:]}".upper()
        self.mandate_signed_on = today
