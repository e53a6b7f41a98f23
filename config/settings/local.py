"""A developer's machine and the demo: mails as files, development secrets allowed."""

from urllib.parse import urlsplit

from config.settings.base import *
from config.settings.env import ENV

DEBUG = False
SANDBOX = True
MIDDLEWARE_ROLE = "local"
if ENV.email_url:
    _mail = urlsplit(ENV.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 1025
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "apps.core.mail.OneFilePerMail"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
# Redoc of the public API is served without collectstatic.
WHITENOISE_USE_FINDERS = True
