from apps.api.common.openapi import OpenApiView
from apps.api.common.permissions import Authenticated
from apps.api.merchants.base import MerchantsView


class SchemaView(OpenApiView, MerchantsView):
    """For users only: a private host tells nobody else what it can do."""

    permission_classes = [Authenticated]
