"""What billing announces after commit; receivers get `event`, the Event row."""

from apps.billing import choices
from apps.events.signals.signals import EventSignal

subscription_started = EventSignal(choices.Event.SUBSCRIPTION_STARTED)
subscription_ended = EventSignal(choices.Event.SUBSCRIPTION_ENDED)
profile_changed = EventSignal(choices.Event.PROFILE_CHANGED)
invoice_issued = EventSignal(choices.Event.INVOICE_ISSUED)
invoice_payment_received = EventSignal(choices.Event.INVOICE_PAYMENT_RECEIVED)
invoice_payment_returned = EventSignal(choices.Event.INVOICE_PAYMENT_RETURNED)
invoice_paid = EventSignal(choices.Event.INVOICE_PAID)
invoice_overdue = EventSignal(choices.Event.INVOICE_OVERDUE)
invoice_dunned = EventSignal(choices.Event.INVOICE_DUNNED)
invoice_credited = EventSignal(choices.Event.INVOICE_CREDITED)
invoice_write_off_asked = EventSignal(choices.Event.INVOICE_WRITE_OFF_ASKED)
invoice_uncollectible = EventSignal(choices.Event.INVOICE_UNCOLLECTIBLE)
invoice_debited = EventSignal(choices.Event.INVOICE_DEBITED)
invoice_debit_refused = EventSignal(choices.Event.INVOICE_DEBIT_REFUSED)
invoice_charge_refused = EventSignal(choices.Event.INVOICE_CHARGE_REFUSED)
card_consented = EventSignal(choices.Event.CARD_CONSENTED)
card_saved = EventSignal(choices.Event.CARD_SAVED)
card_dropped = EventSignal(choices.Event.CARD_DROPPED)
credit_note_drafted = EventSignal(choices.Event.CREDIT_NOTE_DRAFTED)
credit_note_issued = EventSignal(choices.Event.CREDIT_NOTE_ISSUED)
credit_note_refunded = EventSignal(choices.Event.CREDIT_NOTE_REFUNDED)
payout_owed = EventSignal(choices.Event.PAYOUT_OWED)
payout_approved = EventSignal(choices.Event.PAYOUT_APPROVED)
payout_paid = EventSignal(choices.Event.PAYOUT_PAID)
