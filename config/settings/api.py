"""DRF closed by default: each host's base view opens what it needs (S-11 to S-14)."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["apps.api.common.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["apps.api.common.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.api.common.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "apps.api.common.schema.ApiSchema",
    "EXCEPTION_HANDLER": "apps.api.common.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # The renderer writes times, with Z, in lists and details alike.
    "DATETIME_FORMAT": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.0",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # A list of every choice beside the enum would show each currency twice.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["apps.api.common.schema.add_problem"],
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
}
# That of webhooks; apps.api.common.middleware holds all other routes to 256 kB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10
