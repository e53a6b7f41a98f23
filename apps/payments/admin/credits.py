from django.contrib import admin

from apps.payments.admin.readonly import ReadOnlyAdmin, ReadOnlyInline
from apps.payments.gateways.store_credit.models import StoreCreditAccount, StoreCreditMovement


class MovementInline(ReadOnlyInline[StoreCreditMovement, StoreCreditAccount]):
    model = StoreCreditMovement
    fields = ("at", "kind", "amount", "reference", "payment")
    readonly_fields = ("amount",)

    @admin.display(description="Amount")
    def amount(self, movement: StoreCreditMovement) -> str:
        return str(movement.amount)


@admin.register(StoreCreditAccount)
class StoreCreditAdmin(ReadOnlyAdmin[StoreCreditAccount]):
    """The code itself is the shopper's: staff see its last four letters."""

    list_display = ("code_hint", "issued", "balance", "expires_at", "voided_at", "merchant")
    list_select_related = ("merchant",)
    search_fields = ("id", "ret__number", "customer__email")
    exclude = ("code", "code_hash")
    inlines = (MovementInline,)
