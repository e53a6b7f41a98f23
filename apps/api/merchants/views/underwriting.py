"""A merchant's own underwriting policies: read them, and try one on what was asked before."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.pages import PageForm
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.settings import ReplayForm
from apps.api.merchants.permissions import allows
from apps.api.merchants.shapes.underwriting import policy_shape, replay_shape
from apps.api.merchants.underwriting_serializers import (
    UnderwritingPolicySerializer,
    UnderwritingReplaySerializer,
)
from apps.core import clock
from apps.underwriting.models import UnderwritingPolicy
from apps.underwriting.services import simulate
from apps.users import choices


class UnderwritingPoliciesPage(PageForm):
    """Newest version first."""


class UnderwritingPoliciesView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.SETTINGS)]

    @operation(
        "List the merchant's underwriting policies",
        query=UnderwritingPoliciesPage,
        shows={200: UnderwritingPolicySerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request) -> Response:
        """Its own only; where none is published the platform's decides."""
        form = UnderwritingPoliciesPage(data=request.query_params)
        form.judged()
        policies = UnderwritingPolicy.objects.for_merchant(self.merchant)
        page = form.page.page(form.page.rows(policies))
        return self.show(page.show([policy_shape(policy) for policy in page.rows]))


class UnderwritingSimulateView(MerchantsView):
    permission_classes = [allows(choices.Role.Area.SETTINGS, choices.Role.Level.READ)]

    @operation(
        "Try an underwriting policy on past requests",
        form=ReplayForm,
        shows={200: UnderwritingReplaySerializer},
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Which of the merchant's decisions and which sums since then would have been others."""
        policies = UnderwritingPolicy.objects.for_merchant(self.merchant)
        policy = self.find(policies, pk=id)
        since = self.judge(ReplayForm).since
        replay = simulate(policy.read(), since, clock.now(), self.merchant)
        return self.show(replay_shape(replay))
