"""Who sends the invoices, in whose time, and the days a merchant has to pay."""

from config.settings.env import ENV

SELLER = {
    "name": ENV.seller_name,
    "address": ENV.seller_address,
    "vat_number": ENV.seller_vat_number,
    "email": ENV.seller_email,
    "iban": ENV.seller_iban,
    "bic": ENV.seller_bic,
    "creditor_id": ENV.seller_creditor_id,
}
SELLER_TIME_ZONE = "Europe/Madrid"
INVOICE_DAYS_TO_PAY = 14
# SEPA Core: the bank wants a file one working day before; two leave a night for its check.
DIRECT_DEBIT_LEAD_DAYS = 2
# Production is closed until it has been told who sends the invoices.
BILLING_OPEN = True
