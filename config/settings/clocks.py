"""Every period that the business waits for, in one place (domain.md, "Clocks")."""

from datetime import timedelta

RETURN_WINDOW_DAYS = 30
EXCHANGE_WINDOW_DAYS = 30
WITHDRAWAL_DAYS = 14
COVER_DAYS = 30
NOT_SHIPPED_REMINDER_DAYS = 15
NOT_SHIPPED_CANCEL_DAYS = 28
QUOTE_LIFETIME = timedelta(minutes=30)
STOCK_RESERVATION = timedelta(days=28)
PORTAL_IDLE = timedelta(minutes=60)
PORTAL_ABSOLUTE = timedelta(hours=24)
PROOF_CODE_LIFETIME = timedelta(minutes=10)
STORE_CREDIT_LIFETIME = timedelta(days=730)
EVENT_SWEEP_AFTER = timedelta(seconds=30)
IDEMPOTENCY_LIFETIME = timedelta(days=30)
IDEMPOTENCY_LEASE = timedelta(seconds=60)
INBOX_DEPTH_LIMIT = 50_000
