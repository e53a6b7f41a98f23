"""Limits of the API in DRF's words; the figures are those of reliability.md 5.7."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, override

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.api.common import limiter
from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.limiter import Rule, Verdict

if TYPE_CHECKING:
    from apps.api.common.views import ApiView

MINUTE, HOUR, DAY = 60, 3600, 86_400


class LimiterThrottle(BaseThrottle):
    """Name the rules; `guarded` routes are counted in the process while Valkey is away."""

    guarded: ClassVar[bool] = False
    verdict: Verdict | None = None

    @abstractmethod
    def rules(self, request: Request, view: "ApiView") -> Sequence[Rule]: ...

    @override
    def allow_request(self, request: Request, view: Any) -> bool:
        guarded = self.guarded or view.is_money
        self.verdict = limiter.hit(self.rules(request, view), guarded=guarded)
        if self.verdict is None:
            return True
        view.note_verdict(self.verdict)
        return self.verdict.allowed

    @override
    def wait(self) -> float | None:
        return self.verdict.reset if self.verdict else None


class NetworkThrottle(LimiterThrottle):
    """Callers without a credential: 120 a minute per /24 or /56 network and host."""

    LIMIT: ClassVar[int] = 120

    @override
    def rules(self, request: Request, view: "ApiView") -> Sequence[Rule]:
        network = network_of(client_ip(request._request))
        return [Rule(f"net:{view.host}:{network}", self.LIMIT, MINUTE)]


class GuardedNetworkThrottle(NetworkThrottle):
    """Look-up and login: 30 an hour per network and route, also while Valkey is away."""

    guarded = True
    LIMIT = 30

    @override
    def rules(self, request: Request, view: "ApiView") -> Sequence[Rule]:
        network = network_of(client_ip(request._request))
        return [Rule(f"net:{view.host}:{type(view).__name__}:{network}", self.LIMIT, HOUR)]


class CredentialThrottle(LimiterThrottle):
    """Per credential: 100 a minute and 5,000 an hour, money routes 30 a minute of them."""

    MINUTELY: ClassVar[int] = 100
    HOURLY: ClassVar[int] = 5_000
    MONEY_MINUTELY: ClassVar[int] = 30

    @override
    def rules(self, request: Request, view: "ApiView") -> Sequence[Rule]:
        who = f"{view.host}:{view.credential_id}"
        rules = [Rule(f"{who}:m", self.MINUTELY, MINUTE), Rule(f"{who}:h", self.HOURLY, HOUR)]
        if view.is_money:
            rules.append(Rule(f"{who}:money", self.MONEY_MINUTELY, MINUTE))
        return rules
