"""A developer's machine and the demo: mails as files, development secrets allowed."""

from datetime import timedelta

from config.settings.base import *
from config.settings.env import ENV
from config.settings.mail import smtp
from config.settings.sandbox import *

DEBUG = False
SANDBOX = True
# Somebody waits in front of the screen.
INBOX_EVERY = timedelta(seconds=2)
if ENV.email_url:
    EMAIL_BACKEND = "apps.core.mail.SentAndKept"
    globals().update(smtp(ENV.email_url))
else:
    EMAIL_BACKEND = "apps.core.mail.OneFilePerMail"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
# Redoc of the public API is served without collectstatic.
WHITENOISE_USE_FINDERS = True
