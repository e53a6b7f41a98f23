"""Routes without a credential on hosts that have no tenant in the path."""

from typing import override

from apps.api.common.client_ip import client_ip, network_of
from apps.api.common.permissions import Anyone
from apps.api.common.throttles import NetworkThrottle
from apps.api.common.views import ApiView


class OpenView(ApiView):
    authentication_classes = []
    permission_classes = [Anyone]
    throttle_classes = [NetworkThrottle]

    @property
    @override
    def credential_id(self) -> str:
        return network_of(client_ip(self.request._request))

    @property
    @override
    def family(self) -> str:
        return f"net:{self.credential_id}"
