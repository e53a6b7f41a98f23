"""The base of every view of the api host."""

from typing import cast, override

from apps.accounts.models import Merchant
from apps.api.common.idempotency import Keys
from apps.api.common.throttles import CredentialThrottle
from apps.api.common.views import ApiView
from apps.api.public.auth import ApiKeyAuthentication
from apps.events import choices as events
from apps.events.actors import Actor
from apps.users.models import ApiKey


class PublicView(ApiView):
    """Every unsafe call takes an Idempotency-Key; views that move money set `keys` to REQUIRED."""

    host = "public"
    authentication_classes = [ApiKeyAuthentication]
    throttle_classes = [CredentialThrottle]
    keys = Keys.OPTIONAL

    @property
    def key(self) -> ApiKey:
        return cast("ApiKey", self.request.auth)

    @property
    @override
    def merchant(self) -> Merchant:
        return self.key.merchant

    @property
    @override
    def actor(self) -> Actor:
        return Actor(events.Event.Actor.API, str(self.key.pk))

    @property
    @override
    def credential_id(self) -> str:
        return str(self.key.pk)

    @property
    @override
    def family(self) -> str:
        """All keys of a merchant, so that a retry survives their rotation."""
        return "api_key"

    @property
    @override
    def environment(self) -> str:
        return self.key.environment
