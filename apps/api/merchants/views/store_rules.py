"""Per store: the reasons a shopper may give, the policies, and the ways goods travel."""

from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Location
from apps.api.common.operations import operation
from apps.api.common.pages import PageForm
from apps.api.merchants.base import MerchantsView
from apps.api.merchants.forms.common import NothingForm
from apps.api.merchants.forms.settings import (
    DraftForm,
    MethodChangeForm,
    MethodForm,
    ReasonChangeForm,
    ReasonForm,
    ReplayForm,
)
from apps.api.merchants.methods import CodeTaken, add_method, change_method
from apps.api.merchants.permissions import allows
from apps.api.merchants.reasons import add_reason, change_reason, retire_reason
from apps.api.merchants.setting_serializers import (
    MethodSerializer,
    MethodsSerializer,
    PolicySerializer,
    ReasonSerializer,
    ReasonsSerializer,
    ReplaySerializer,
)
from apps.api.merchants.shapes.settings import (
    method_shape,
    policy_shape,
    reason_shape,
    replay_shape,
)
from apps.core import clock
from apps.deliveries.models import ReturnMethod
from apps.orders.models import Policy, ReturnReason
from apps.orders.modules.eligibility.models import PolicyNotDraft
from apps.orders.modules.eligibility.services import draft_policy, simulate
from apps.orders.modules.eligibility.validation import PolicyInvalid
from apps.orders.services.picking import UnknownReason
from apps.users import choices


class SettingsArea(MerchantsView):
    permission_classes = [allows(choices.Role.Area.SETTINGS)]


class ReasonsView(SettingsArea):
    @operation("List a store's return reasons", shows={200: ReasonsSerializer})
    def get(self, request: Request, slug: str) -> Response:
        reasons = ReturnReason.objects.for_store(self.store(slug)).select_related("parent")
        return self.show({"reasons": [reason_shape(reason) for reason in reasons]})

    @operation(
        "Add a return reason",
        form=ReasonForm,
        shows={201: ReasonSerializer},
        refusals=[CodeTaken, UnknownReason],
    )
    def post(self, request: Request, slug: str) -> Response:
        store = self.store(slug)
        reason = add_reason(store, self.judge(ReasonForm))
        return self.show(reason_shape(reason), status=201)


class ReasonView(SettingsArea):
    @operation("Change a return reason", form=ReasonChangeForm, shows={200: ReasonSerializer})
    def patch(self, request: Request, id: UUID) -> Response:
        """Its code and place in the tree stay: past returns name them."""
        reason = self.find(ReturnReason.objects.for_merchant(self.merchant), pk=id)
        change_reason(reason, self.judge(ReasonChangeForm))
        return self.show(reason_shape(reason))

    @operation("Take a return reason away", shows={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """With the reasons under it; past returns still name them."""
        reason = self.find(ReturnReason.objects.for_merchant(self.merchant), pk=id)
        retire_reason(reason, clock.now())
        return self.show()


class PoliciesPage(PageForm):
    """Newest version first."""


class PoliciesView(SettingsArea):
    @operation(
        "List a store's policies",
        query=PoliciesPage,
        shows={200: PolicySerializer(many=True)},
        paged=True,
    )
    def get(self, request: Request, slug: str) -> Response:
        form = PoliciesPage(data=request.query_params)
        form.judged()
        policies = Policy.objects.for_store(self.store(slug)).prefetch_related("rules")
        page = form.page.page(form.page.rows(policies))
        return self.show(page.show([policy_shape(policy) for policy in page.rows]))

    @operation(
        "Draft the next policy",
        form=DraftForm,
        shows={201: PolicySerializer},
        refusals=[PolicyInvalid],
    )
    def post(self, request: Request, slug: str) -> Response:
        """It binds nobody until it is published."""
        store = self.store(slug)
        wanted = self.judge(DraftForm)
        with transaction.atomic():
            policy = draft_policy(store, wanted.name)
            policy.write_rules(wanted.rules)
        return self.show(policy_shape(policy), status=201)


class PolicyArea(SettingsArea):
    def policy(self, id: UUID) -> Policy:
        return self.find(Policy.objects.for_merchant(self.merchant), pk=id)


class PolicyView(PolicyArea):
    @operation("Read a policy", shows={200: PolicySerializer})
    def get(self, request: Request, id: UUID) -> Response:
        return self.show(policy_shape(self.policy(id)))

    @operation(
        "Rewrite a draft",
        form=DraftForm,
        shows={200: PolicySerializer},
        refusals=[PolicyInvalid, PolicyNotDraft],
    )
    def put(self, request: Request, id: UUID) -> Response:
        """The rules given replace those there are; the name stays."""
        policy = self.policy(id)
        policy.write_rules(self.judge(DraftForm).rules)
        return self.show(policy_shape(policy))


class PublishView(PolicyArea):
    @operation(
        "Publish a draft",
        form=NothingForm,
        shows={200: PolicySerializer},
        refusals=[PolicyInvalid, PolicyNotDraft],
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Binds shoppers from now on; the former version is retired."""
        policy = self.policy(id)
        self.judge(NothingForm)
        policy.publish(clock.now())
        return self.show(policy_shape(policy))


class SimulateView(PolicyArea):
    permission_classes = [allows(choices.Role.Area.SETTINGS, choices.Role.Level.READ)]

    @operation("Try a policy on past returns", form=ReplayForm, shows={200: ReplaySerializer})
    def post(self, request: Request, id: UUID) -> Response:
        """What shoppers asked for since then, where this policy would have said otherwise."""
        policy = self.policy(id)
        since = self.judge(ReplayForm).since
        differences = simulate(policy, policy.store, since)
        return self.show(replay_shape(differences))


class MethodsArea(SettingsArea):
    def place(self, id: UUID | None) -> Location | None:
        if id is None:
            return None
        return self.find(Location.objects.for_merchant(self.merchant), pk=id)


class MethodsView(MethodsArea):
    @operation("List a store's return methods", shows={200: MethodsSerializer})
    def get(self, request: Request, slug: str) -> Response:
        methods = ReturnMethod.objects.for_store(self.store(slug)).prefetch_related("prices")
        return self.show({"methods": [method_shape(method) for method in methods]})

    @operation(
        "Add a return method",
        form=MethodForm,
        shows={201: MethodSerializer},
        refusals=[CodeTaken],
    )
    def post(self, request: Request, slug: str) -> Response:
        store = self.store(slug)
        wanted = self.judge(MethodForm)
        method = add_method(store, wanted, self.place(wanted.location))
        return self.show(method_shape(method), status=201)


class MethodView(MethodsArea):
    @operation("Change a return method", form=MethodChangeForm, shows={200: MethodSerializer})
    def patch(self, request: Request, id: UUID) -> Response:
        """`prices` replace those there are; without them they stay."""
        method = self.find(ReturnMethod.objects.for_merchant(self.merchant), pk=id)
        wanted = self.judge(MethodChangeForm)
        change_method(method, wanted, self.place(wanted.location))
        return self.show(method_shape(method))
