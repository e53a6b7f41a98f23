"""The smallest Django on the product's database: what a view costs that does nothing else."""

import json
import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
# Given, not imported: `config` would start the whole product on these settings.
DATABASES = {"default": json.loads(os.environ["LIMITS_DATABASE"])}
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.limits.urls"
INSTALLED_APPS = ["rest_framework", "benchmarks.limits"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None
