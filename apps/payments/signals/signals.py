"""What money announces after commit; receivers get `event`, the Event row."""

from apps.events.signals.signals import EventSignal
from apps.payments import choices

refund_promised = EventSignal(choices.Event.REFUND_PROMISED)
refund_nothing_due = EventSignal(choices.Event.REFUND_NOTHING_DUE)
refund_blocked = EventSignal(choices.Event.REFUND_BLOCKED)
refund_sent = EventSignal(choices.Event.REFUND_SENT)
refund_succeeded = EventSignal(choices.Event.REFUND_SUCCEEDED)
refund_unknown = EventSignal(choices.Event.REFUND_UNKNOWN)
refund_unanswered = EventSignal(choices.Event.REFUND_UNANSWERED)
refund_failed = EventSignal(choices.Event.REFUND_FAILED)
refund_retried = EventSignal(choices.Event.REFUND_RETRIED)
refund_returned = EventSignal(choices.Event.REFUND_RETURNED)
refund_cancelled = EventSignal(choices.Event.REFUND_CANCELLED)
payout_account_set = EventSignal(choices.Event.PAYOUT_ACCOUNT_SET)
payout_batch_opened = EventSignal(choices.Event.BATCH_OPENED)
payout_batch_approved = EventSignal(choices.Event.BATCH_APPROVED)
payout_batch_exported = EventSignal(choices.Event.BATCH_EXPORTED)
payout_batch_settled = EventSignal(choices.Event.BATCH_SETTLED)
payout_batch_cancelled = EventSignal(choices.Event.BATCH_CANCELLED)
bank_file_read = EventSignal(choices.Event.BANK_FILE_READ)
store_credit_issued = EventSignal(choices.Event.CREDIT_ISSUED)
store_credit_spent = EventSignal(choices.Event.CREDIT_SPENT)
store_credit_voided = EventSignal(choices.Event.CREDIT_VOIDED)
store_credit_expired = EventSignal(choices.Event.CREDIT_EXPIRED)
