from django.db import models

from apps.core.constraints import TenantForeignKey, tenant
from apps.core.models import MoneyOf, Polymorphic, TenantModel
from apps.payments import choices
from apps.payments.constraints import FixedOnceSubmitted, MovesOf
from apps.payments.managers import PaymentManager
from apps.payments.mixins.sending import SendingMixin


class Payment(SendingMixin, TenantModel, Polymorphic):
    """One movement of money under one key; each gateway is a subclass in `gateways/`."""

    TRANSITIONS = choices.Payment.TRANSITIONS

    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="payments")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="payments")
    ret = models.ForeignKey(
        "orders.Return",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name="return",
    )
    tender = models.ForeignKey(
        "orders.OrderTender", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    advance_part = models.ForeignKey(
        "orders.AdvancePart", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    instead_of = models.ForeignKey(
        "orders.ExchangeLineItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        help_text="New goods that ran out, whose value this pays",
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replacements"
    )
    gives_back = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="given_back_by",
        help_text="The collection whose money goes back",
    )
    gateway = models.CharField(max_length=16, choices=choices.Payment.Gateway.choices)
    environment = models.CharField(
        max_length=4,
        choices=choices.Payment.Environment.choices,
        default=choices.Payment.Environment.LIVE,
    )
    direction = models.CharField(
        max_length=3,
        choices=choices.Payment.Direction.choices,
        default=choices.Payment.Direction.OUT,
    )
    purpose = models.CharField(max_length=16, choices=choices.Payment.Purpose.choices)
    status = models.CharField(
        max_length=16,
        choices=choices.Payment.Status.choices,
        default=choices.Payment.Status.PENDING,
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    generation = models.PositiveSmallIntegerField(default=1)
    idempotency_key = models.CharField(max_length=80)
    provider_ref = models.CharField(max_length=160, blank=True)
    destination_hash = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    requested_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    needs_second_person = models.BooleanField(default=False)

    amount = MoneyOf("amount_minor")

    objects = PaymentManager()

    class Meta:
        base_manager_name = "objects"
        constraints = (
            *tenant(
                "payments_payment", "store", "order", "ret", "tender", "advance_part", "replaces"
            ),
            TenantForeignKey(field="gives_back", name="payments_payment_gives_back_tenant"),
            TenantForeignKey(field="instead_of", name="payments_payment_instead_of_tenant"),
            models.UniqueConstraint(
                fields=("merchant", "idempotency_key"), name="payments_payment_key"
            ),
            models.UniqueConstraint(
                fields=("merchant", "gateway", "environment", "provider_ref"),
                condition=~models.Q(provider_ref=""),
                name="payments_payment_provider_ref",
            ),
            models.UniqueConstraint(
                fields=("ret", "purpose", "tender", "advance_part", "instead_of"),
                condition=models.Q(
                    ret__isnull=False,
                    direction=choices.Payment.Direction.OUT,
                    gives_back__isnull=True,
                    status__in=choices.Payment.LIVE,
                ),
                nulls_distinct=False,
                name="payments_payment_one_live",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="payments_payment_amount"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=choices.Payment.PAID) | ~models.Q(provider_ref=""),
                name="payments_payment_paid_has_ref",
            ),
            models.CheckConstraint(
                condition=models.Q(needs_second_person=False)
                | models.Q(submitted_at__isnull=True)
                | models.Q(approved_by__isnull=False)
                & ~models.Q(approved_by=models.F("requested_by")),
                name="payments_payment_two_persons",
            ),
            MovesOf(
                moves=choices.Payment.TRANSITIONS,
                direction=choices.Payment.Direction.OUT,
                name="payments_payment_moves",
            ),
            MovesOf(
                moves=choices.Payment.COLLECTION_TRANSITIONS,
                direction=choices.Payment.Direction.IN,
                name="payments_payment_moves_in",
            ),
            FixedOnceSubmitted(
                fields=("idempotency_key", "destination_hash", "environment"),
                always=("amount_minor", "currency", "direction", "gateway", "merchant_id"),
                name="payments_payment_fixed",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "-id"), name="payments_payment_list"),
            models.Index(fields=("ret",), name="payments_payment_ret"),
            models.Index(
                fields=("lease_until",),
                condition=models.Q(status__in=choices.Payment.UNDER_WAY),
                name="payments_payment_lease",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_gateway_display()} {self.amount}"

    @property
    def is_own_claim(self) -> bool:
        """A refund by hand: its claim and its debt are its own, and end when it is called off."""
        return self.purpose == choices.Payment.Purpose.MANUAL and self.replaces_id is None

    def key_for(self, generation: int) -> str:
        return f"{self.purpose}:{self.id}:{generation}"
