"""Every period that the business waits for, in one place (domain.md, "Clocks")."""

from datetime import timedelta

RETURN_WINDOW_DAYS = 30
EXCHANGE_WINDOW_DAYS = 30
WITHDRAWAL_DAYS = 14
COVER_DAYS = 30
NOT_SHIPPED_REMINDER_DAYS = 15
COVER_REMINDER_DAYS = 5
NOT_SHIPPED_CANCEL_DAYS = 28
QUOTE_LIFETIME = timedelta(minutes=30)
STOCK_RESERVATION = timedelta(days=28)
# Stripe closes a page after 24 hours at the latest.
PAY_LINK_LIFETIME = timedelta(hours=23)
PORTAL_IDLE = timedelta(minutes=60)
PORTAL_ABSOLUTE = timedelta(hours=24)
PROOF_CODE_LIFETIME = timedelta(minutes=10)
STORE_CREDIT_LIFETIME = timedelta(days=730)
EVENT_SWEEP_AFTER = timedelta(seconds=30)
EVENT_FIRST_DELAY = timedelta(seconds=5)
EVENT_LONGEST_DELAY = timedelta(hours=1)
# Above CELERY_TASK_TIME_LIMIT: nobody takes a row over while its worker may still be at it.
TASK_LEASE = timedelta(seconds=150)
PAYMENT_LEASE = timedelta(seconds=60)
PAYMENT_LONGEST_WAIT = timedelta(hours=1)
PAYMENT_SWEEP_AFTER = timedelta(seconds=60)
# A peer that failed again and again for an account is tried once in so long.
CIRCUIT_PAUSE = timedelta(seconds=30)
# How often beat looks for what was left behind.
SWEEP_EVERY = timedelta(seconds=30)
INBOX_EVERY = timedelta(seconds=10)
# What webhooks of shops missed is found within two of these.
CATCH_UP_EVERY = timedelta(minutes=15)
SUBSCRIPTIONS_EVERY = timedelta(hours=1)
IDEMPOTENCY_LIFETIME = timedelta(days=30)
# Past the thirteen months in which a bank may ask a transfer back.
BANK_DATA_LIFETIME = timedelta(days=400)
IDEMPOTENCY_LEASE = timedelta(seconds=60)
INBOX_DEPTH_LIMIT = 50_000
# How long after it was taken away a secret may still sign a webhook, in each process.
ROWS_REMEMBERED = timedelta(seconds=1)
