from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.payments.gateways.store_credit.models import StoreCreditAccount, StoreCreditMovement


class MovementInline(ReadOnlyInline[StoreCreditMovement, StoreCreditAccount]):
    model = StoreCreditMovement
    verbose_name_plural = "Movements"
    fields = ("at", "kind", "amount", "reference")


@admin.register(StoreCreditAccount)
class StoreCreditAdmin(ReadOnlyAdmin[StoreCreditAccount]):
    """The code itself is the shopper's: staff see its last four letters."""

    list_display = ("code_hint", "issued", "balance", "expires_at", "voided_at", "merchant")
    search_fields = ("=id", "ret__number", "=customer__email")
    fields = (
        "code_hint",
        "merchant",
        "store",
        "customer",
        "ret",
        "issued",
        "spent",
        "voided",
        "expired",
        "balance",
        "expires_at",
        "voided_at",
        "expired_at",
    )
    inlines = (MovementInline,)
