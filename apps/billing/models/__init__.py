from apps.billing.models.card import InvoiceCharge, MerchantCard
from apps.billing.models.collection import DirectDebit, DirectDebitFile
from apps.billing.models.fee import Fee
from apps.billing.models.invoice import Invoice, InvoiceLine, InvoiceSeries
from apps.billing.models.letter import DunningLetter
from apps.billing.models.month import ClosedMonth
from apps.billing.models.page import InvoicePage
from apps.billing.models.payment import InvoicePayment
from apps.billing.models.payout import MerchantPayout
from apps.billing.models.plan import FeeSchedule, Plan, Subscription
from apps.billing.models.profile import BillingProfile

__all__ = [
    "BillingProfile",
    "ClosedMonth",
    "DirectDebit",
    "DirectDebitFile",
    "DunningLetter",
    "Fee",
    "FeeSchedule",
    "Invoice",
    "InvoiceCharge",
    "InvoiceLine",
    "InvoicePage",
    "InvoicePayment",
    "InvoiceSeries",
    "MerchantCard",
    "MerchantPayout",
    "Plan",
    "Subscription",
]
