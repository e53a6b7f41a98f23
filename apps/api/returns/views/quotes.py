from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.returns.base import PortalView
from apps.api.returns.forms.quotes import QuoteForm
from apps.api.returns.language import LanguageQuery
from apps.api.returns.methods import ReturnMethodNotOffered, ReturnMethodRequired
from apps.api.returns.quoting import UnknownPhoto, quote_for
from apps.api.returns.serializers import QuoteSerializer
from apps.api.returns.shapes.quote import quote_shape
from apps.core import clock
from apps.orders.services.picking import (
    MoreUnitsThanLeft,
    ReasonNeedsMore,
    UnknownLine,
    UnknownReason,
    UnknownVariant,
)
from apps.orders.services.quoting import NotEligible

REFUSALS = [
    MoreUnitsThanLeft,
    NotEligible,
    ReasonNeedsMore,
    ReturnMethodNotOffered,
    ReturnMethodRequired,
    UnknownLine,
    UnknownPhoto,
    UnknownReason,
    UnknownVariant,
]


class QuotesView(PortalView):
    @operation(
        "Quote a return",
        form=QuoteForm,
        query=LanguageQuery,
        shows={201: QuoteSerializer},
        refusals=REFUSALS,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Every way to be refunded with the tree of its sums, good for 30 minutes."""
        self.judge_query(LanguageQuery)
        wanted = self.judge(QuoteForm)
        quote = quote_for(self.order, wanted, self.language, clock.now())
        return self.show(quote_shape(quote, self.language), status=201)
