"""What every entry point shares; local, test and production only add to it."""

import django_stubs_ext

django_stubs_ext.monkeypatch()

from config.settings.api import *  # noqa: E402
from config.settings.billing import *  # noqa: E402
from config.settings.caches import *  # noqa: E402
from config.settings.celery import *  # noqa: E402
from config.settings.clocks import *  # noqa: E402
from config.settings.databases import *  # noqa: E402
from config.settings.env import BASE_DIR, ENV  # noqa: E402
from config.settings.identity import *  # noqa: E402
from config.settings.installed import *  # noqa: E402
from config.settings.logs import *  # noqa: E402
from config.settings.openai import *  # noqa: E402
from config.settings.recoveries import *  # noqa: E402
from config.settings.shopify import *  # noqa: E402
from config.settings.staff import *  # noqa: E402

SECRET_KEY = ENV.secret_key
FIELD_KEYS = ENV.field_keys
# Hashes shoppers across merchants; a new key forgets everybody.
IDENTITY_KEY = ENV.identity_key
DEBUG = False
# True on development machines: seed_sandbox and movable clocks refuse to work elsewhere.
SANDBOX = False
SANDBOX_FILE = BASE_DIR / ".embedded" / "sandbox.json"
HOST_DOMAINS = ENV.domains
NUM_PROXIES = ENV.num_proxies
STRIPE_API_BASE = ENV.stripe_api_base
STRIPE_READ_SECONDS = ENV.stripe_read_seconds
# The platform's own account, which collects recoveries; two secrets while one is rolled over.
STRIPE_PLATFORM_KEY = ENV.stripe_platform_key
STRIPE_PLATFORM_WEBHOOK_SECRETS = tuple(
    filter(None, ENV.stripe_platform_webhook_secrets.split(","))
)
# Where the portal of a store is: its slug follows. Shoppers come back here from a page to pay.
PORTAL_URL = ENV.portal_url
# Where shops send their webhooks; `/v1/<platform>/<store>` follows.
PLATFORMS_URL = ENV.platforms_url
PAYPAL_API_BASE = ENV.paypal_api_base
ADYEN_API_BASE = ENV.adyen_api_base
MOLLIE_API_BASE = ENV.mollie_api_base
BIGCOMMERCE_API_BASE = ENV.bigcommerce_api_base
BIGCOMMERCE_LOGIN_BASE = ENV.bigcommerce_login_base
BIGCOMMERCE_CLIENT_ID = ENV.bigcommerce_client_id
BIGCOMMERCE_CLIENT_SECRET = ENV.bigcommerce_client_secret
# Where a merchant claims a shop that was connected from its platform's side.
DASHBOARD_URL = ENV.dashboard_url
GATEWAY_READ_SECONDS = ENV.gateway_read_seconds
EASYPOST_API_BASE = ENV.easypost_api_base
CARRIER_READ_SECONDS = ENV.carrier_read_seconds
HOST_NAMES = ("merchants-api", "returns-api", "customers-api", "platforms", "api", "admin")
ALLOWED_HOSTS = [f"{name}.{domain}" for name in HOST_NAMES for domain in HOST_DOMAINS]
ALLOWED_HOSTS += ["localhost", "127.0.0.1"]
ROOT_URLCONF = "config.urls.health"
ROOT_HOSTCONF = "config.hosts"
DEFAULT_HOST = "health"
WSGI_APPLICATION = "config.wsgi.application"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("de", "Deutsch"), ("fr", "Français")]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = ENV.media_root
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
APPEND_SLASH = False
EMAIL_FILE_PATH = ENV.mail_dir
DEFAULT_FROM_EMAIL = "returns@reveni.example"
SILENCED_SYSTEM_CHECKS: list[str] = []
