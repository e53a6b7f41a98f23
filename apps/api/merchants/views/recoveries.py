"""What is won back of advances: seen, paused, closed, written off."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.recoveries import RecoveriesPage, RecoveryFilters, WhyForm
from apps.api.merchants.money import MoneyView
from apps.api.merchants.permissions import MayRefund, SecondFactor, allows
from apps.api.merchants.recovery_serializers import (
    RecoveryDetailSerializer,
    RecoverySerializer,
)
from apps.api.merchants.shapes.recoveries import COLUMNS, recovery_detail, recovery_row
from apps.core import clock
from apps.core.status import IllegalTransition
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.mixins.writing_off import OwnRecovery
from apps.users import choices as users

MONEY = users.Role.Area.MONEY
SHOWN = {200: RecoveryDetailSerializer}


class RecoveriesView(MerchantsView):
    permission_classes = [allows(MONEY)]

    @operation(
        "List recoveries",
        query=RecoveriesPage,
        shows={200: RecoverySerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        """What of the advances was not earned, and how it is won back."""
        form = RecoveriesPage(data=request.query_params)
        rows = filtered(Recovery.objects.for_merchant(self.merchant), form.judged())
        page = form.page.page(form.page.rows(rows.values(*COLUMNS)))
        return self.show(page.show([recovery_row(row) for row in page.rows]))


def filtered(rows: Any, filters: RecoveryFilters) -> Any:
    wanted = {
        "status": filters.status,
        "cause": filters.cause,
        "ret__number": filters.return_number,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


class RecoveryView(MerchantsView):
    permission_classes = [allows(MONEY)]
    with_etag = True

    @operation("Read a recovery", shows=SHOWN)
    def get(self, request: Request, id: UUID) -> Response:
        rows = Recovery.objects.for_merchant(self.merchant)
        return self.show(recovery_detail(self.find(rows, pk=id)))


class RecoveryMoneyView(MoneyView):
    permission_classes = [allows(MONEY), MayRefund, SecondFactor]

    def recovery(self, id: UUID) -> Recovery:
        rows = Recovery.objects.for_merchant(self.merchant)
        return self.find(rows.select_related("ret"), pk=id)


class PauseView(RecoveryMoneyView):
    @operation("Pause a recovery", form=WhyForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        """Nothing is asked of the shopper until it is resumed."""
        recovery = self.recovery(id)
        recovery.pause(self.judge(WhyForm).reason, clock.now())
        return self.show(recovery_detail(recovery))


class ResumeView(RecoveryMoneyView):
    @operation("Resume a recovery", form=WhyForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        """After a pause, or when what the shopper said was not right; the warnings come again."""
        recovery = self.recovery(id)
        recovery.resume(self.judge(WhyForm).reason, clock.now())
        return self.show(recovery_detail(recovery))


class CloseView(RecoveryMoneyView):
    @operation("Close a recovery", form=WhyForm, shows=SHOWN)
    def post(self, request: Request, id: UUID) -> Response:
        """The goods turned up, or nothing is owed; what was collected goes back."""
        recovery = self.recovery(id)
        recovery.close(self.judge(WhyForm).reason, clock.now())
        return self.show(recovery_detail(recovery))


class WriteOffView(RecoveryMoneyView):
    @operation(
        "Write off a recovery",
        form=WhyForm,
        shows=SHOWN,
        refusals=[IllegalTransition, OwnRecovery],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """After charging failed. Above 200 it is asked for, and a second person does it again."""
        recovery = self.recovery(id)
        recovery.write_off(self.user, self.judge(WhyForm).reason, clock.now())
        return self.show(recovery_detail(recovery))
