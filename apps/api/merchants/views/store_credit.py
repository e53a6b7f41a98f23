from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.refunds import CreditFilters, CreditsPage
from apps.api.merchants.permissions import allows
from apps.api.merchants.refund_serializers import CreditDetailSerializer, CreditSerializer
from apps.api.merchants.shapes.refunds import CREDIT_COLUMNS, credit_detail, credit_row
from apps.core import clock
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.users import choices as users


class CreditsView(MerchantsView):
    permission_classes = [allows(users.Role.Area.MONEY)]

    @operation(
        "List store credit", query=CreditsPage, shows={200: CreditSerializer(many=True)}, paged=True
    )
    def get(self, request: Request) -> Response:
        """Codes are masked; `state=open` is what can still be spent."""
        at = clock.now()
        form = CreditsPage(data=request.query_params)
        accounts = StoreCreditAccount.objects.for_merchant(self.merchant)
        rows = filtered(accounts, form.judged(), at)
        page = form.page.page(form.page.rows(rows.values(*CREDIT_COLUMNS)))
        return self.show(page.show([credit_row(row, at) for row in page.rows]))


class CreditView(MerchantsView):
    permission_classes = [allows(users.Role.Area.MONEY)]
    with_etag = True

    @operation("Read store credit with its movements", shows={200: CreditDetailSerializer})
    def get(self, request: Request, id: UUID) -> Response:
        accounts = StoreCreditAccount.objects.for_merchant(self.merchant).only("pk")
        return self.show(credit_detail(self.find(accounts, pk=id).pk, clock.now()))


def filtered(accounts: Any, filters: CreditFilters, at: Any) -> Any:
    if filters.store:
        accounts = accounts.filter(store__slug=filters.store)
    if filters.return_number:
        accounts = accounts.filter(ret__number=filters.return_number)
    match filters.state:
        case "open":
            accounts = accounts.open_at(at)
        case "voided":
            accounts = accounts.exclude(voided_at=None)
        case "expired":
            accounts = accounts.filter(voided_at=None, expires_at__lte=at)
        case _:
            pass
    return accounts
