from apps.billing.admin.collections import DirectDebitAdmin, DirectDebitFileAdmin
from apps.billing.admin.fees import FeeAdmin
from apps.billing.admin.invoices import InvoiceAdmin, InvoiceSeriesAdmin
from apps.billing.admin.online import InvoiceChargeAdmin, InvoicePageAdmin, MerchantCardAdmin
from apps.billing.admin.payouts import MerchantPayoutAdmin
from apps.billing.admin.plans import FeeScheduleAdmin, PlanAdmin, SubscriptionAdmin
from apps.billing.admin.profiles import BillingProfileAdmin

__all__ = [
    "BillingProfileAdmin",
    "DirectDebitAdmin",
    "DirectDebitFileAdmin",
    "FeeAdmin",
    "FeeScheduleAdmin",
    "InvoiceAdmin",
    "InvoiceChargeAdmin",
    "InvoicePageAdmin",
    "InvoiceSeriesAdmin",
    "MerchantCardAdmin",
    "MerchantPayoutAdmin",
    "PlanAdmin",
    "SubscriptionAdmin",
]
