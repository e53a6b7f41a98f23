"""What the merchant does with one return, or with up to fifty of them."""

from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Location
from apps.api.common.idempotency import Keys, Work
from apps.api.common.operations import operation
from apps.api.merchants.forms.common import NothingForm
from apps.api.merchants.forms.returns import (
    BulkForm,
    CancellationForm,
    DecisionsForm,
    MethodChangeForm,
    NoteForm,
    ReceptionForm,
    RejectionForm,
    RestockForm,
)
from apps.api.merchants.serializers import BulkResultSerializer, RestockedSerializer
from apps.api.merchants.views.returns import SHOWN, ReturnsArea
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.status import IllegalTransition
from apps.orders import choices
from apps.orders.mixins.cancellation import UnitsAccepted
from apps.orders.mixins.notes import AlreadySettled
from apps.orders.mixins.review import ReasonRequired, UnknownReturnLine
from apps.orders.mixins.unit_decision import MoreUnitsThanHeld
from apps.orders.mixins.unwinding import AdvancePaid
from apps.orders.models import Return, ReturnLineItem
from apps.orders.modules.inventory import services as inventory
from apps.orders.modules.inventory.services import UnitsNotHere
from apps.orders.services.quoting import MethodNotOffered, methods_of
from apps.payments import services as payments
from apps.payments.services.advances import AdvanceUnderWay
from apps.payments.services.unwinding import AdvanceSpent, CreditKept, CreditUnheard

DECIDING = [IllegalTransition, UnknownReturnLine, ReasonRequired, MoreUnitsThanHeld]


class ReturnWrite(ReturnsArea):
    keys = Keys.OPTIONAL


class ApproveView(ReturnWrite):
    @operation("Approve a request", form=NothingForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        ret = self.ret(id)
        self.judge(NothingForm)
        ret.approve(clock.now())
        return self.file(id)


class RejectView(ReturnWrite):
    @operation("Reject a return", form=RejectionForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        """A request is refused; of a return every undecided unit is rejected."""
        ret = self.ret(id)
        ret.reject(self.judge(RejectionForm).reason, clock.now())
        return self.file(id)


class ReceiveView(ReturnWrite):
    @operation("Goods arrived", form=ReceptionForm, shows=SHOWN, refusals=[IllegalTransition])
    def post(self, request: Request, id: UUID) -> Response:
        ret = self.ret(id)
        ret.receive(self.judge(ReceptionForm).received_at or clock.now())
        return self.file(id)


class CancelView(ReturnWrite):
    # The shop may have to void credit first.
    work = Work.REMOTE

    @operation(
        "Cancel a return",
        form=CancellationForm,
        shows=SHOWN,
        refusals=[
            AdvancePaid,
            AdvanceSpent,
            AdvanceUnderWay,
            CreditKept,
            CreditUnheard,
            IllegalTransition,
            UnitsAccepted,
        ],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """An instant return only while its advance can be taken back: credit unused, new goods not
        handed out."""
        ret = self.ret(id)
        reason = self.judge(CancellationForm).reason
        if ret.mode == choices.Return.Mode.INSTANT:
            payments.unwind_return(ret, reason, clock.now())
        else:
            ret.cancel(clock.now(), reason)
        return self.file(id)


class NotesView(ReturnWrite):
    @operation("Write a note", form=NoteForm, shows=SHOWN)
    def post(self, request: Request, id: UUID) -> Response:
        ret = self.ret(id)
        ret.note(self.judge(NoteForm).text, clock.now(), author=self.user.get_full_name())
        return self.file(id)


class RefundMethodView(ReturnWrite):
    @operation(
        "Change how the money goes back",
        form=MethodChangeForm,
        shows=SHOWN,
        refusals=[AlreadySettled, MethodNotOffered],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Only before the refund is worked out, and to a method that the store offers."""
        ret = self.ret(id)
        change = self.judge(MethodChangeForm)
        if change.method not in methods_of(ret.store.preferences):
            raise MethodNotOffered(method=change.method)
        ret.change_refund_method(change.method, clock.now(), change.note)
        return self.file(id)


class DecisionsView(ReturnWrite):
    keys = Keys.REQUIRED
    money = True

    @operation("Decide unit by unit", form=DecisionsForm, shows=SHOWN, refusals=DECIDING)
    def post(self, request: Request, id: UUID) -> Response:
        """All or nothing; once no unit is open the return is concluded and refunded."""
        ret = self.ret(id)
        ret.decide(self.judge(DecisionsForm).units, clock.now())
        return self.file(id)


class RestockView(ReturnWrite):
    @operation(
        "Put units back on the shelf",
        form=RestockForm,
        shows={200: RestockedSerializer},
        refusals=[UnitsNotHere],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Once per line; nothing is restocked where the store keeps no stock of the variant."""
        wanted = self.judge(RestockForm)
        lines = ReturnLineItem.objects.for_merchant(self.merchant).filter(ret_id=id)
        line = self.find(lines.select_related("ret__store", "line_item"), pk=wanted.line)
        location = None
        if wanted.location is not None:
            location = self.find(Location.objects.for_merchant(self.merchant), pk=wanted.location)
        movement = inventory.restock(line, location, clock.now())
        quantity = movement.quantity if movement else 0
        return self.show({"line": line.pk, "restocked": movement is not None, "quantity": quantity})


class BulkView(ReturnWrite):
    keys = Keys.REQUIRED
    money = True

    @operation("Act on up to 50 returns", form=BulkForm, shows={200: BulkResultSerializer})
    def post(self, request: Request) -> Response:
        """Each return stands for itself: what one refuses leaves the others done."""
        bulk = self.judge(BulkForm)
        returns = Return.objects.for_merchant(self.merchant).select_related("order")
        found = {ret.pk: ret for ret in returns.filter(pk__in=bulk.returns)}
        results = [self._one(bulk.action, pk, found.get(pk)) for pk in bulk.returns]
        refused = sum(result["result"] == "refused" for result in results)
        return self.show({"results": results, "refused": refused})

    def _one(self, action: str, id: UUID, ret: Return | None) -> dict[str, Any]:
        if ret is None:
            return _refused(id, "not_found", "Not found")
        at = clock.now()
        verbs = {"approve": ret.approve, "receive": ret.receive, "accept": ret.accept_all}
        try:
            with transaction.atomic():
                verbs[action](at)
        except DomainError as refusal:
            return _refused(id, refusal.code, refusal.title, **refusal.details)
        return {"id": id, "result": "done"}


def _refused(id: UUID, code: str, title: str, **details: Any) -> dict[str, Any]:
    problem = {"code": code, "title": title, "details": details}
    return {"id": id, "result": "refused", "problem": problem}
