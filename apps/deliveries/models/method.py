from django.db import models

from apps.core.constraints import tenant
from apps.core.models import MoneyOf, SoftDeletable, TenantModel
from apps.deliveries import choices
from apps.deliveries.helpers import validate_regions
from apps.deliveries.managers import ReturnMethodManager, ReturnMethodPriceManager
from apps.deliveries.mixins.pricing import PricingMixin


class ReturnMethod(PricingMixin, SoftDeletable, TenantModel):
    """A way for goods to travel back, as one store offers it; `names` holds a text per language."""

    store = models.ForeignKey("accounts.Store", models.CASCADE, related_name="return_methods")
    account = models.ForeignKey(
        "deliveries.CarrierAccount", models.PROTECT, null=True, blank=True, related_name="methods"
    )
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=40)
    type = models.CharField(max_length=16, choices=choices.ReturnMethod.Type.choices)
    names = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    is_per_parcel = models.BooleanField(default=False)
    keeps_goods = models.BooleanField(default=False)
    label_days = models.PositiveSmallIntegerField(default=28)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ReturnMethodManager()

    class Meta:
        ordering = ("position", "code", "id")
        constraints = (
            *tenant("deliveries_returnmethod", "store", "account", "location"),
            models.UniqueConstraint(
                fields=("store", "code"),
                condition=models.Q(deleted__isnull=True),
                name="deliveries_returnmethod_code",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def provider(self) -> str:
        return self.account.provider if self.account else choices.Provider.OWN

    @property
    def makes_labels(self) -> bool:
        """False when nothing travels, or when the merchant supplies the label."""
        return not self.keeps_goods and self.type != choices.ReturnMethod.Type.MERCHANT_LABEL


class ReturnMethodPrice(TenantModel):
    """What a method costs in some regions for one outcome; the closest row wins."""

    method = models.ForeignKey(ReturnMethod, models.CASCADE, related_name="prices")
    regions = models.JSONField(validators=[validate_regions])
    outcome = models.CharField(
        max_length=12,
        choices=choices.ReturnMethod.Outcome.choices,
        default=choices.ReturnMethod.Outcome.ANY,
    )
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField(default=0)

    price = MoneyOf("price_minor")

    objects = ReturnMethodPriceManager()

    class Meta:
        constraints = (
            *tenant("deliveries_methodprice", "method"),
            models.CheckConstraint(
                condition=models.Q(price_minor__gte=0), name="deliveries_methodprice_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{', '.join(self.regions)} {self.outcome}: {self.price}"
