from django.db import models

from apps.core.constraints import AppendOnly, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.money import Money
from apps.underwriting import choices
from apps.underwriting.dtos import Cap, Facts
from apps.underwriting.managers import AssessmentManager
from apps.underwriting.mixins.versions import VersionsMixin
from apps.underwriting.modules.facts import read_facts

# Money before inspection is what "offered" means; the last limit is the whole value.
LIMITS_RISE = models.Q(
    now_minor__gte=0,
    at_scan_minor__gte=models.F("now_minor"),
    at_delivery_minor__gte=models.F("at_scan_minor"),
    at_inspection_minor__gte=models.F("at_delivery_minor"),
)
OFFERED = models.Q(status=choices.Assessment.Status.OFFERED, at_delivery_minor__gt=0)
DECLINED = models.Q(status=choices.Assessment.Status.DECLINED, at_delivery_minor=0)

# Rows are wide; who was seen where is answered from the index alone.
SEEN = ("order_id", "merchant", "shopper_mark")


class Assessment(VersionsMixin, TenantModel):
    """One decision, with all that it was made of; never changed, only followed by a version.

    Each limit is what may be out once that rung is reached, so that they rise.
    """

    # The order lives on a floor above and is known by its id.
    order_id = models.UUIDField()
    request_id = models.UUIDField()
    version = models.PositiveIntegerField()
    store = models.ForeignKey("accounts.Store", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=choices.Assessment.Status.choices)
    rung = models.CharField(max_length=20, choices=choices.Rung.choices)
    currency = models.CharField(max_length=3)
    value_minor = models.BigIntegerField()
    now_minor = models.BigIntegerField()
    at_scan_minor = models.BigIntegerField()
    at_delivery_minor = models.BigIntegerField()
    at_inspection_minor = models.BigIntegerField()
    score = models.PositiveIntegerField()
    reasons = models.JSONField()
    inputs = models.JSONField()
    caps = models.JSONField()
    policy_id = models.UUIDField(null=True, blank=True)
    policy_version = models.PositiveIntegerField()
    shopper_mark = models.ForeignKey(
        "underwriting.Identity", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    phone_mark = models.ForeignKey(
        "underwriting.Identity", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    address_mark = models.ForeignKey(
        "underwriting.Identity", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    iban_mark = models.ForeignKey(
        "underwriting.Identity", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    override = models.ForeignKey(
        "underwriting.Override", models.PROTECT, null=True, blank=True, related_name="results"
    )

    value = MoneyOf("value_minor")
    limit_now = MoneyOf("now_minor")
    limit_at_scan = MoneyOf("at_scan_minor")
    limit_at_delivery = MoneyOf("at_delivery_minor")
    limit_at_inspection = MoneyOf("at_inspection_minor")

    objects = AssessmentManager()

    class Meta:
        constraints = (
            *tenant("underwriting_assessment", "store", "override"),
            models.UniqueConstraint(
                fields=("merchant", "request_id", "version"),
                name="underwriting_assessment_version",
            ),
            models.CheckConstraint(
                condition=LIMITS_RISE, name="underwriting_assessment_limits_rise"
            ),
            models.CheckConstraint(
                condition=OFFERED | DECLINED, name="underwriting_assessment_status"
            ),
            AppendOnly(name="underwriting_assessment_fixed"),
        )
        indexes = (
            models.Index(fields=("merchant", "-at", "-id"), name="underwriting_assessment_list"),
            models.Index(fields=("merchant", "order_id"), name="underwriting_assessment_order"),
            *(
                models.Index(
                    fields=(f"{mark}_mark", "at"), include=SEEN, name=f"underwriting_by_{mark}"
                )
                for mark in ("shopper", "phone", "address", "iban")
            ),
        )

    def __str__(self) -> str:
        return f"{self.rung} {self.value}"

    @property
    def is_offered(self) -> bool:
        return self.status == choices.Assessment.Status.OFFERED

    @property
    def limits(self) -> dict[str, Money]:
        """By rung, ascending."""
        columns = (
            self.limit_now,
            self.limit_at_scan,
            self.limit_at_delivery,
            self.limit_at_inspection,
        )
        return dict(zip(choices.RUNGS, columns, strict=True))

    def limit_at(self, rung: str) -> Money:
        """What may be out, in all, once the return stands at this rung."""
        return self.limits[rung]

    @property
    def facts(self) -> Facts:
        return read_facts(self.inputs)

    def cap_of(self, scope: str) -> Cap | None:
        """The cap as it was when this was decided."""
        cap = self.caps.get(scope)
        return cap and Cap(Money(cap["minor"], self.currency), cap["count"])
