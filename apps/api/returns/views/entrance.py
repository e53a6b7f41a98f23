"""Before a session: the store, the look-up, the proof."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.operations import operation
from apps.api.common.throttles import GuardedNetworkThrottle, NetworkThrottle
from apps.api.models import Proof
from apps.api.returns import lookups, proofs
from apps.api.returns.base import StoreView
from apps.api.returns.forms.lookups import CodeForm, LookupForm, ProofForm
from apps.api.returns.language import LanguageQuery
from apps.api.returns.limits import TooManyTries
from apps.api.returns.lookups import LookupNotOffered
from apps.api.returns.proofs import CodeRefused
from apps.api.returns.serializers import (
    LookedUpSerializer,
    ProofSerializer,
    SessionSerializer,
    StoreSerializer,
)
from apps.api.returns.shapes.store import store_shape
from apps.core import clock


class PortalStoreView(StoreView):
    @operation("Read the store's portal", query=LanguageQuery, shows={200: StoreSerializer})
    def get(self, request: Request, slug: str) -> Response:
        self.judge_query(LanguageQuery)
        return self.show(store_shape(self.store, self.language))


class LookupThrottle(NetworkThrottle):
    """Misses are counted by the look-up itself; this holds also while Valkey is away."""

    guarded = True


class LookupsView(StoreView):
    throttle_classes = [LookupThrottle]

    @operation(
        "Look an order up",
        form=LookupForm,
        shows={202: LookedUpSerializer},
        refusals=[LookupNotOffered, TooManyTries],
    )
    def post(self, request: Request, slug: str) -> Response:
        """A hit and a miss answer alike. `next` says whether the token opens the order at once, as
        a `search` session, or only asks for a proof."""
        lookup = self.judge(LookupForm)
        network = network_of(client_ip(request._request))
        found = lookups.look_up(self.store, lookup, network, clock.now())
        shown = {"token": found.token, "next": "proof" if found.needs_proof else "order"}
        return self.show(shown, status=202)


class ProofsView(StoreView):
    throttle_classes = [GuardedNetworkThrottle]

    @operation(
        "Ask for a code",
        form=ProofForm,
        query=LanguageQuery,
        shows={202: ProofSerializer},
        refusals=[TooManyTries],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Mailed to the contact on the order, whoever asks; good for ten minutes and five tries."""
        self.judge_query(LanguageQuery)
        wanted = self.judge(ProofForm)
        proof = proofs.ask_proof(self.store, wanted.token, self.language, clock.now())
        return self.show({"id": proof.pk, "expires_at": proof.expires_at}, status=202)


class VerifyView(StoreView):
    throttle_classes = [GuardedNetworkThrottle]

    @operation("Prove it", form=CodeForm, shows={201: SessionSerializer}, refusals=[CodeRefused])
    def post(self, request: Request, slug: str, id: UUID) -> Response:
        """The code opens a `proved` session: 60 minutes idle, 24 hours at most."""
        proofs_here = Proof.objects.for_store(self.store).select_related("session__order")
        proof = self.find(proofs_here, pk=id)
        code = self.judge(CodeForm).code
        session, token = proofs.verify(proof, code, clock.now())
        return self.show({"token": token, "level": session.level}, status=201)
