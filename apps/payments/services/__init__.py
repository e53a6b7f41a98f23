"""Money as processes: each function is one business act, safe to call twice."""

from apps.payments.services.advances import (
    owed_by_merchant,
    owed_to_merchant,
    post_end,
    promise_advance,
    take_back_credit,
)
from apps.payments.services.balances import match_balances
from apps.payments.services.bank_files import BankFileRequest, read_bank_file
from apps.payments.services.cards import (
    CardConsent,
    ask_card,
    consent_for_quote,
    consent_to_card,
    keep_card_for,
    open_card_page,
)
from apps.payments.services.collecting import (
    GoOn,
    ask_page,
    can_collect,
    close_page,
    collect_difference,
    give_back,
    go_on_with_return,
)
from apps.payments.services.credits import expire_credits, find_credit
from apps.payments.services.forgetting import forget_bank_accounts
from apps.payments.services.hearing import hear_stripe
from apps.payments.services.looking_again import look_again
from apps.payments.services.manual import (
    cancel_payment,
    confirm_manual_refund,
    record_manual_refund,
)
from apps.payments.services.payouts import (
    approve_batch,
    export_batch,
    open_batch,
    reject_transfer,
    return_transfer,
    set_payout_account,
    settle_batch,
)
from apps.payments.services.reconciliation import reconcile
from apps.payments.services.recovering import (
    RecoveryDue,
    carry_on,
    collect_or_say,
    collect_recovery,
    give_back_recovery,
    link_or_nothing,
    link_recovery,
    platform_account,
)
from apps.payments.services.recovery_books import (
    borne_by_merchant,
    post_closed,
    post_given_up,
    post_paid_after_all,
    taken_back_from_merchant,
)
from apps.payments.services.refunds import (
    pay_another_way,
    promise_or_block,
    promise_refund,
    refund_return,
    retry_payment,
)
from apps.payments.services.removing import (
    cards_at_stripe,
    forget_cards,
    remove_cards,
    remove_cards_of,
)
from apps.payments.services.replacing import promise_all_instead, promise_instead
from apps.payments.services.sending import resolve_payment, send_payment
from apps.payments.services.stripe import (
    StripeConnection,
    catch_up_with_stripe,
    connect_stripe,
)
from apps.payments.services.sweeping import sweep_payments
from apps.payments.services.unwinding import go_on_after_void, keep_goods, unwind_return
from apps.payments.services.vendors import (
    GatewayConnection,
    connect_gateway,
    hear_adyen,
    hear_mollie,
    hear_paypal,
)

__all__ = [
    "BankFileRequest",
    "CardConsent",
    "GatewayConnection",
    "GoOn",
    "RecoveryDue",
    "StripeConnection",
    "approve_batch",
    "ask_card",
    "ask_page",
    "borne_by_merchant",
    "can_collect",
    "cancel_payment",
    "cards_at_stripe",
    "carry_on",
    "catch_up_with_stripe",
    "close_page",
    "collect_difference",
    "collect_or_say",
    "collect_recovery",
    "confirm_manual_refund",
    "connect_gateway",
    "connect_stripe",
    "consent_for_quote",
    "consent_to_card",
    "expire_credits",
    "export_batch",
    "find_credit",
    "forget_bank_accounts",
    "forget_cards",
    "give_back",
    "give_back_recovery",
    "go_on_after_void",
    "go_on_with_return",
    "hear_adyen",
    "hear_mollie",
    "hear_paypal",
    "hear_stripe",
    "keep_card_for",
    "keep_goods",
    "link_or_nothing",
    "link_recovery",
    "look_again",
    "match_balances",
    "open_batch",
    "open_card_page",
    "owed_by_merchant",
    "owed_to_merchant",
    "pay_another_way",
    "platform_account",
    "post_closed",
    "post_end",
    "post_given_up",
    "post_paid_after_all",
    "promise_advance",
    "promise_all_instead",
    "promise_instead",
    "promise_or_block",
    "promise_refund",
    "read_bank_file",
    "reconcile",
    "record_manual_refund",
    "refund_return",
    "reject_transfer",
    "remove_cards",
    "remove_cards_of",
    "resolve_payment",
    "retry_payment",
    "return_transfer",
    "send_payment",
    "set_payout_account",
    "settle_batch",
    "sweep_payments",
    "take_back_credit",
    "taken_back_from_merchant",
    "unwind_return",
]
