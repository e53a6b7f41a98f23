from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.idempotency import Keys
from apps.api.common.operations import operation
from apps.api.common.shapes.returns import RETURN_COLUMNS, return_detail, return_rows
from apps.api.public.base import PublicView
from apps.api.public.forms.returns import (
    DecisionsForm,
    NothingForm,
    ReceptionForm,
    RejectionForm,
    ReturnFilters,
    ReturnsPage,
)
from apps.api.public.permissions import scoped
from apps.api.public.serializers import ReturnDetailSerializer, ReturnSerializer
from apps.core import clock
from apps.core.status import IllegalTransition
from apps.orders import choices
from apps.orders.mixins.review import ReasonRequired, UnknownReturnLine
from apps.orders.mixins.unit_decision import MoreUnitsThanHeld
from apps.orders.models import Return
from apps.users import choices as users

SHOWN = {200: ReturnDetailSerializer}


class ReturnsView(PublicView):
    permission_classes = [scoped()]

    @operation(
        "List returns", query=ReturnsPage, shows={200: ReturnSerializer(many=True)}, paged=True
    )
    def get(self, request: Request) -> Response:
        form = ReturnsPage(data=request.query_params)
        rows = filtered(Return.objects.for_merchant(self.merchant), form.judged())
        page = form.page.page(form.page.rows(rows.values(*RETURN_COLUMNS)))
        return self.show(page.show(return_rows(page.rows)))


class ReturnView(PublicView):
    permission_classes = [scoped()]
    with_etag = True

    @operation("Read a return", shows=SHOWN)
    def get(self, request: Request, id: UUID) -> Response:
        return self.show(return_detail(Return.objects.for_merchant(self.merchant), id))


class ReturnWrite(PublicView):
    """Decisions lead to money, so each takes its Idempotency-Key."""

    permission_classes = [scoped(users.ApiKey.Scope.RETURNS_WRITE)]
    keys = Keys.REQUIRED

    def ret(self, id: UUID) -> Return:
        return self.find(Return.objects.for_merchant(self.merchant), pk=id)

    def shown(self, id: UUID) -> Response:
        return self.show(return_detail(Return.objects.for_merchant(self.merchant), id))


class ApproveView(ReturnWrite):
    @operation("Approve a request", form=NothingForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        ret = self.ret(id)
        self.judge(NothingForm)
        ret.approve(clock.now())
        return self.shown(id)


class RejectView(ReturnWrite):
    @operation("Reject a return", form=RejectionForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        """A request is refused; of a return every undecided unit is rejected."""
        ret = self.ret(id)
        rejection = self.judge(RejectionForm)
        ret.reject(rejection.reason, clock.now())
        return self.shown(id)


class ReceiveView(ReturnWrite):
    @operation("Goods arrived", form=ReceptionForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        ret = self.ret(id)
        reception = self.judge(ReceptionForm)
        ret.receive(reception.received_at or clock.now())
        return self.shown(id)


class DecideView(ReturnWrite):
    money = True

    @operation(
        "Decide unit by unit",
        form=DecisionsForm,
        shows=SHOWN,
        refusals=[IllegalTransition, UnknownReturnLine, ReasonRequired, MoreUnitsThanHeld],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """All or nothing; once no unit is open the return is concluded and refunded."""
        ret = self.ret(id)
        decisions = self.judge(DecisionsForm)
        ret.decide(decisions.units, clock.now())
        return self.shown(id)


def filtered(returns: Any, filters: ReturnFilters) -> Any:
    if filters.store:
        returns = returns.filter(store__slug=filters.store)
    if filters.status:
        returns = returns.filter(status=choices.Return.Status(filters.status))
    if filters.number:
        returns = returns.filter(number=filters.number)
    if filters.order:
        returns = returns.filter(order__external_id=filters.order)
    return returns
