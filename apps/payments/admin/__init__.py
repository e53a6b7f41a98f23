from apps.payments.admin.accounts import GatewayAccountAdmin
from apps.payments.admin.balances import BalanceDayAdmin, OddBalanceLineAdmin, OutsideRefundAdmin
from apps.payments.admin.bank_files import BankEntryAdmin, BankFileAdmin
from apps.payments.admin.books import LedgerAccountAdmin, LedgerTransactionAdmin
from apps.payments.admin.credits import StoreCreditAdmin
from apps.payments.admin.payments import PaymentAdmin
from apps.payments.admin.returns import ReturnWithMoneyAdmin
from apps.payments.admin.stripe import StripeAccountAdmin
from apps.payments.admin.transfers import BankTransferBatchAdmin

__all__ = [
    "BalanceDayAdmin",
    "BankEntryAdmin",
    "BankFileAdmin",
    "BankTransferBatchAdmin",
    "GatewayAccountAdmin",
    "LedgerAccountAdmin",
    "LedgerTransactionAdmin",
    "OddBalanceLineAdmin",
    "OutsideRefundAdmin",
    "PaymentAdmin",
    "ReturnWithMoneyAdmin",
    "StoreCreditAdmin",
    "StripeAccountAdmin",
]
