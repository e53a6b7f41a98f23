"""Billing as processes: each function is one business act, safe to call twice."""

from apps.billing.services.accrual import (
    accrue,
    accrue_disbursement,
    accrue_instant,
    accrue_label,
    accrue_reimbursement,
    accrue_request,
    accrue_taken_back,
    give_credit,
)
from apps.billing.services.cards import (
    consent_of,
    drop_card,
    hear_card,
    look_at_cards,
    open_card_page,
)
from apps.billing.services.charging import charge_invoices, look_at_charges
from apps.billing.services.closing import close_month, months_to_close
from apps.billing.services.collecting import (
    collect,
    confirm_debit,
    confirm_transfer,
    file_of,
    refuse_debit,
)
from apps.billing.services.crediting import (
    approve_credit_note,
    credit_invoice,
    drop_credit_note,
)
from apps.billing.services.documents import document_of
from apps.billing.services.dunning import dun_invoices, is_suspended
from apps.billing.services.letters import send_letters
from apps.billing.services.paying import hear_page, look_at_pages, open_page
from apps.billing.services.payouts import approve_payout, confirm_payout
from apps.billing.services.profiles import change_profile
from apps.billing.services.running import profile_of, running_month
from apps.billing.services.statements import statement_of
from apps.billing.services.subscribing import open_profile, subscribe, unsubscribe

__all__ = [
    "accrue",
    "accrue_disbursement",
    "accrue_instant",
    "accrue_label",
    "accrue_reimbursement",
    "accrue_request",
    "accrue_taken_back",
    "approve_credit_note",
    "approve_payout",
    "change_profile",
    "charge_invoices",
    "close_month",
    "collect",
    "confirm_debit",
    "confirm_payout",
    "confirm_transfer",
    "consent_of",
    "credit_invoice",
    "document_of",
    "drop_card",
    "drop_credit_note",
    "dun_invoices",
    "file_of",
    "give_credit",
    "hear_card",
    "hear_page",
    "is_suspended",
    "look_at_cards",
    "look_at_charges",
    "look_at_pages",
    "months_to_close",
    "open_card_page",
    "open_page",
    "open_profile",
    "profile_of",
    "refuse_debit",
    "running_month",
    "send_letters",
    "statement_of",
    "subscribe",
    "unsubscribe",
]
