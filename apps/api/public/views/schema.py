from apps.api.common.open_views import OpenView
from apps.api.common.openapi import OpenApiView


class SchemaView(OpenApiView, OpenView):
    host = "public"
