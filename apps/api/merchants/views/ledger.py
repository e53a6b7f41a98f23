from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.desk_serializers import (
    EntrySerializer,
    ExceptionsSerializer,
    LedgerAccountSerializer,
    StatementSerializer,
)
from apps.api.merchants.forms.ledger import AccountsPage, EntriesPage, StatementForm
from apps.api.merchants.permissions import allows
from apps.api.merchants.shapes.ledger import (
    ACCOUNT_COLUMNS,
    ENTRY_COLUMNS,
    TURNOVER_COLUMNS,
    account_row,
    entry_row,
    finding_row,
    turnover_row,
)
from apps.core import clock
from apps.events.modules.reconciliation.services import exceptions_of
from apps.payments.models import LedgerAccount
from apps.payments.modules.ledger.models import LedgerEntry
from apps.users import choices as users


class LedgerView(MerchantsView):
    permission_classes = [allows(users.Role.Area.MONEY)]


class AccountsView(LedgerView):
    @operation(
        "List the accounts of the books",
        query=AccountsPage,
        shows={200: LedgerAccountSerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        """One for each kind and currency that was ever used, with its balance."""
        form = AccountsPage(data=request.query_params)
        form.judged()
        rows = LedgerAccount.objects.for_merchant(self.merchant).values(*ACCOUNT_COLUMNS)
        page = form.page.page(form.page.rows(rows))
        return self.show(page.show([account_row(row) for row in page.rows]))


class StatementView(LedgerView):
    @operation("Read a statement", query=StatementForm, shows={200: StatementSerializer})
    def get(self, request: Request) -> Response:
        """`from` included, `to` not, 366 days at most; for each account what it opened and
        closed with, and what moved."""
        period = self.judge_query(StatementForm)
        accounts = LedgerAccount.objects.for_merchant(self.merchant).order_by("kind", "currency")
        rows = accounts.with_turnover(period.since, period.until).values(*TURNOVER_COLUMNS)
        return self.show(
            {
                "from": period.since,
                "to": period.until,
                "accounts": [turnover_row(row) for row in rows],
            }
        )


class EntriesView(LedgerView):
    @operation(
        "List the entries of the books",
        query=EntriesPage,
        shows={200: EntrySerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        """Newest first; each transaction has two or more that sum to zero."""
        form = EntriesPage(data=request.query_params)
        wanted = form.judged()
        rows = LedgerEntry.objects.for_merchant(self.merchant).filter(
            transaction__at__gte=wanted.since, transaction__at__lt=wanted.until
        )
        if wanted.account:
            rows = rows.filter(account__kind=wanted.account)
        if wanted.currency:
            rows = rows.filter(currency=wanted.currency)
        page = form.page.page(form.page.rows(rows.values(*ENTRY_COLUMNS)))
        return self.show(page.show([entry_row(row) for row in page.rows]))


class ExceptionsView(LedgerView):
    @operation("Reconcile the books", shows={200: ExceptionsSerializer})
    def get(self, request: Request) -> Response:
        """What the hourly checks found in the merchant's rows and nobody has explained, as of
        `checked_at`; nothing found is what should be."""
        checked_at, found = exceptions_of(self.merchant, clock.now())
        return self.show(
            {"checked_at": checked_at, "findings": [finding_row(finding) for finding in found]}
        )
