"""Production: every secret must come from the environment, TLS everywhere, no development key."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.env import (
    DEVELOPMENT_FIELD_KEY,
    DEVELOPMENT_SELLER,
    ENV,
    PUBLIC_SECRETS,
)
from config.settings.mail import smtp

if not ENV.secret_key or ENV.secret_key.startswith(PUBLIC_SECRETS):
    raise ImproperlyConfigured("SECRET_KEY must be a secret of this installation's own")
if not ENV.field_keys or DEVELOPMENT_FIELD_KEY in ENV.field_keys:
    raise ImproperlyConfigured("FIELD_KEYS must be keys of this installation's own")
if len(ENV.identity_key) < 32 or ENV.identity_key.startswith(PUBLIC_SECRETS):
    raise ImproperlyConfigured("IDENTITY_KEY must be a secret of this installation's own")

# No invoice goes out in the name of the example.
BILLING_OPEN = ENV.seller_vat_number != DEVELOPMENT_SELLER
DEBUG = False
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_AGE = 8 * 3600
X_FRAME_OPTIONS = "DENY"
globals().update(smtp(ENV.email_url or "smtp://localhost:25"))
# APIs refuse plain http at the proxy instead of redirecting it (ASVS 4.1.2).
SILENCED_SYSTEM_CHECKS = ["security.W008"]
