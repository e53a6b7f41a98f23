"""A shopper who was paid already and keeps the goods."""

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.returns.auth import HasSession, IsProved
from apps.api.returns.forms.returns import KeepForm
from apps.api.returns.language import LanguageQuery
from apps.api.returns.return_serializers import PortalReturnSerializer
from apps.api.returns.views.returns import ReturnsHere
from apps.core import clock
from apps.core.status import IllegalTransition
from apps.orders.mixins.keeping import GoodsOnTheirWay, NothingAdvanced
from apps.orders.mixins.review import UnknownReturnLine
from apps.payments import services as payments
from apps.payments.services.advances import AdvanceUnderWay
from apps.payments.services.unwinding import CreditUnheard


class KeepView(ReturnsHere):
    permission_classes = [HasSession, IsProved]

    @operation(
        "Keep the goods",
        form=KeepForm,
        query=LanguageQuery,
        shows={200: PortalReturnSerializer},
        refusals=[
            AdvanceUnderWay,
            CreditUnheard,
            GoodsOnTheirWay,
            IllegalTransition,
            NothingAdvanced,
            UnknownReturnLine,
        ],
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        """Of an instant return that was not sent yet; all units where none is named. What can be
        taken back is, and the return is cancelled: unused credit, new goods that were not handed
        out, a transfer that was not sent. Else the units are rejected and what was paid for them is
        owed."""
        self.judge_query(LanguageQuery)
        ret = self.ret(number)
        wanted = self.judge(KeepForm)
        payments.keep_goods(ret, wanted.units, clock.now())
        return self.show(self.detail(number, proved=True))
