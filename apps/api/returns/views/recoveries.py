"""What is asked back of the shopper: seen, contested, split, paid by a link."""

from uuid import UUID

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.models import Evidence
from apps.api.returns.auth import HasSession, IsProved
from apps.api.returns.forms.recoveries import ContestForm, SplitForm
from apps.api.returns.forms.returns import NothingForm
from apps.api.returns.language import LanguageQuery
from apps.api.returns.recovery_serializers import PortalRecoverySerializer
from apps.api.returns.shapes.recoveries import recovery_shape
from apps.api.returns.views.returns import ReturnsHere
from apps.core import clock
from apps.core.status import IllegalTransition
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.dtos import Contest
from apps.orders.modules.recoveries.mixins.contesting import (
    AlreadyContested,
    InstalmentsNotPossible,
    NothingToPay,
    ObjectionOver,
)

SHOWN = {200: PortalRecoverySerializer}


class RecoveriesHere(ReturnsHere):
    permission_classes = [HasSession, IsProved]

    def recovery(self, number: str, id: UUID) -> Recovery:
        rows = Recovery.objects.for_merchant(self.store.merchant)
        return self.find(rows.select_related("ret"), ret=self.ret(number), pk=id)

    def shown(self, row: Recovery) -> Response:
        return self.show(recovery_shape(row, self.language, clock.now()))


class RecoveriesView(RecoveriesHere):
    permission_classes = [HasSession]

    @operation(
        "List what is asked back",
        query=LanguageQuery,
        shows={200: PortalRecoverySerializer(many=True)},
    )
    def get(self, request: Request, slug: str, number: str) -> Response:
        self.judge_query(LanguageQuery)
        at = clock.now()
        rows = Recovery.objects.filter(ret=self.ret(number)).order_by("id")
        return self.show([recovery_shape(row, self.language, at) for row in rows])


class ContestsView(RecoveriesHere):
    @operation(
        "Contest what is asked back",
        form=ContestForm,
        query=LanguageQuery,
        shows=SHOWN,
        refusals=[AlreadyContested, IllegalTransition, ObjectionOver],
    )
    def post(self, request: Request, slug: str, number: str, id: UUID) -> Response:
        """An objection has its time; that the goods were sent, and a dispute, may be said later.
        Nothing is charged until the store has looked."""
        self.judge_query(LanguageQuery)
        row = self.recovery(number, id)
        said = self.judge(ContestForm)
        self._check_photos(said)
        row.contest(said, clock.now())
        return self.shown(row)

    def _check_photos(self, said: Contest) -> None:
        photos = Evidence.objects.for_store(self.store)
        mine = photos.filter(order_id=self.session.order_id, pk__in=said.images)
        if mine.count() != len(set(said.images)):
            raise ValidationError({"images": ["There is no such photo."]}, code="unknown_photo")


class InstalmentsView(RecoveriesHere):
    @operation(
        "Split what is asked back",
        form=SplitForm,
        query=LanguageQuery,
        shows=SHOWN,
        refusals=[InstalmentsNotPossible],
    )
    def post(self, request: Request, slug: str, number: str, id: UUID) -> Response:
        """Two or three parts, a week apart."""
        self.judge_query(LanguageQuery)
        row = self.recovery(number, id)
        row.agree_instalments(self.judge(SplitForm).count, clock.now())
        return self.shown(row)


class PayLinkView(RecoveriesHere):
    @operation(
        "Ask for a pay link",
        form=NothingForm,
        query=LanguageQuery,
        shows=SHOWN,
        refusals=[NothingToPay],
    )
    def post(self, request: Request, slug: str, number: str, id: UUID) -> Response:
        """It is in `pay_url` as soon as it is made; ask the list again after a moment."""
        self.judge_query(LanguageQuery)
        row = self.recovery(number, id)
        self.judge(NothingForm)
        row.ask_link(clock.now())
        return self.shown(row)
