"""What every column with words holds of people; a test finds the one that is not listed here.

`ERASED` columns are emptied for a shopper by `forgetting` and `bodies`; a test looks through the
whole database for what is left of them. docs/privacy.md says the same to people.
"""

from collections.abc import Iterator
from enum import StrEnum

from django.apps import apps
from django.db import models


class Holds(StrEnum):
    ERASED = "of shoppers: erased when they ask, with the row or in it"
    TIMED = "of shoppers: goes by itself after its time, for all of them"
    CONSENT = "what a shopper agreed to, word for word: kept as proof"
    HASHED = "hashes, or sealed: nobody is found by it without a key"
    REFERENCE = "what a provider, carrier, bank or shop calls something: kept to answer them"
    MERCHANT = "of merchants, their staff or ours; goes with their contract"
    NOBODY = "settings, codes, goods, sums and ids of ours"


E, T, C, H = Holds.ERASED, Holds.TIMED, Holds.CONSENT, Holds.HASHED
R, M, N = Holds.REFERENCE, Holds.MERCHANT, Holds.NOBODY
# The longest text that cannot name anybody: a currency, a country, a grade.
SHORT = 3
WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
)

COLUMNS: dict[str, dict[Holds, str]] = {
    "account.EmailAddress": {M: "email"},
    "account.EmailConfirmation": {M: "key"},
    "accounts.Customer": {E: "email phone name external_id language tags"},
    "accounts.Location": {M: "name address external_id"},
    "accounts.Merchant": {M: "name slug legal_name tax_id iban bic"},
    "accounts.MerchantPreferences": {N: "refund_methods branding policy_url"},
    "accounts.Store": {M: "credentials name slug domain", N: "languages time_zone"},
    "accounts.StorePreferences": {N: "refund_methods branding policy_url overrides"},
    "admin.LogEntry": {E: "object_repr", N: "object_id change_message"},
    "api.CustomerSession": {H: "token_hash"},
    "api.Evidence": {E: "file", H: "sha256"},
    "api.IdempotencyRecord": {
        E: "body",
        H: "fingerprint",
        N: "environment family method route key content_type headers",
    },
    "api.LoginCode": {E: "email", H: "code_hash"},
    "api.LookupFailure": {T: "network", H: "number_hash"},
    "api.PortalSession": {H: "token_hash"},
    "api.Proof": {H: "code_hash", N: "language"},
    "auth.Group": {N: "name"},
    "auth.Permission": {N: "name codename"},
    "billing.BillingProfile": {
        M: "legal_name street city postcode email vat_number account last_four mandate_id"
    },
    "billing.DirectDebit": {R: "end_to_end_id failure_code"},
    "billing.DirectDebitFile": {M: "file", R: "message_id", H: "file_hash"},
    "billing.DunningLetter": {M: "recipient"},
    "billing.Fee": {N: "description subject_type reference"},
    "billing.Invoice": {
        M: "code seller buyer notes reason mandate_id write_off_reason file",
        H: "sha256",
    },
    "billing.InvoiceCharge": {R: "intent_id failure_code"},
    "billing.InvoiceLine": {N: "description"},
    "billing.InvoicePage": {R: "session_id url failure_code"},
    "billing.InvoicePayment": {R: "reference"},
    "billing.MerchantCard": {
        M: "consent_text consent_version customer_ref method_ref session_id url brand last4 expires"
    },
    "billing.MerchantPayout": {R: "reference"},
    "billing.Plan": {N: "code name"},
    "contenttypes.ContentType": {N: "app_label model"},
    "deliveries.CarrierAccount": {M: "name credentials"},
    "deliveries.DropOffPoint": {N: "name address opening_hours"},
    "deliveries.Label": {
        E: "file tracking_url",
        R: "reference external_id tracking_number",
        H: "sha256",
    },
    "deliveries.ReturnMethod": {N: "code names"},
    "deliveries.ReturnMethodPrice": {N: "regions"},
    "deliveries.Shipment": {E: "sender recipient failure", R: "carrier tracking_number"},
    "deliveries.TrackingEvent": {E: "description place", R: "external_id raw_code"},
    "events.Event": {E: "payload", N: "subject_type kind actor_id"},
    "events.InboxMessage": {
        E: "body last_error",
        R: "source account event_id topic",
        H: "body_hash",
    },
    "events.JobRun": {N: "job"},
    "events.ReconciliationItem": {N: "query invariant what subject_type subject note"},
    "events.ReconciliationRun": {N: "figures"},
    "integrations.Installation": {M: "platform account domain secrets", H: "claim_hash"},
    "integrations.OrderSync": {R: "cursor last_error"},
    "integrations.PlatformAction": {E: "payload why", R: "reference external_id code"},
    "integrations.SyncRefusal": {R: "external_id code", T: "detail"},
    "integrations.WebhookCheck": {R: "last_error"},
    "mfa.Authenticator": {M: "data"},
    "notifications.Message": {N: "kind"},
    "orders.Advance": {N: "breakdown reclaimed"},
    "orders.AdvanceConsent": {C: "version text"},
    "orders.ExchangeLineItem": {
        N: "variant_id sku title tax_rate replacement",
        R: "platform_order_id",
    },
    "orders.ImportIssue": {E: "message", N: "kind code"},
    "orders.ImportJob": {E: "file", H: "file_hash", M: "file_name", N: "options counts failure"},
    "orders.LineItem": {
        N: "external_id product_id variant_id title variant_title sku ean category discounts taxes"
        " hs_code image_url"
    },
    "orders.Order": {
        E: "tags shipping_address email",
        R: "external_id number",
        N: "presentment_rate snapshot_hash shipping_lines discounts flags",
    },
    "orders.OrderTender": {R: "external_id gateway"},
    "orders.Policy": {N: "name"},
    "orders.PolicyRule": {N: "code conditions messages"},
    "orders.PrivacyRequest": {E: "refusal", R: "reference", N: "orders why counts"},
    "orders.Quote": {E: "request", N: "terms options"},
    "orders.Recovery": {E: "contests end_reason", R: "pay_url", N: "lines"},
    "orders.RecoveryAttempt": {R: "reference failure_code"},
    "orders.RecoveryCollection": {R: "reference"},
    "orders.Return": {
        E: "reject_reason notes",
        R: "number external_id",
        N: "return_method breakdown terms settlement",
    },
    "orders.ReturnLineItem": {E: "comment images reject_reason"},
    "orders.ReturnReason": {N: "code labels"},
    "orders.StockLevel": {N: "variant_id product_id sku title tax_rate"},
    "payments.AdyenRefund": {R: "paid_by"},
    "payments.BankEntry": {R: "batch_reference end_to_end_id code"},
    "payments.BankFile": {T: "file", R: "message_id", H: "file_hash", N: "counts"},
    "payments.BankTransferBatch": {T: "file", H: "file_hash"},
    "payments.BankTransferItem": {R: "end_to_end_id"},
    "payments.BankTransferPayout": {T: "account last_four"},
    "payments.GatewayAccount": {M: "webhook_secrets account_id credentials"},
    "payments.LedgerTransaction": {N: "source_type kind"},
    "payments.ManualRefund": {E: "note", R: "reference"},
    "payments.MollieRefund": {R: "paid_by"},
    "payments.OddBalanceLine": {R: "kind line example"},
    "payments.OutsideRefund": {R: "provider_ref"},
    "payments.PayPalRefund": {R: "paid_by"},
    "payments.Payment": {R: "idempotency_key provider_ref failure_code", H: "destination_hash"},
    "payments.PaymentMethodToken": {
        E: "url brand last4 expires",
        C: "consent_text consent_version",
        R: "customer_ref method_ref session_id",
    },
    "payments.PayoutDestination": {E: "account last_four account_hash"},
    "payments.ShopCreditRefund": {H: "code", R: "credit_id holder_id kept_because"},
    "payments.StoreCreditAccount": {H: "code code_hash code_hint"},
    "payments.StoreCreditMovement": {R: "reference"},
    "payments.StripeAccount": {M: "webhook_secrets account_id secret_key"},
    "payments.StripeCheckoutPayment": {R: "dispute_ref session_id url"},
    "payments.StripeRecoveryCharge": {R: "dispute_ref"},
    "payments.StripeRefund": {R: "paid_by"},
    "pghistory.Context": {M: "metadata"},
    "sessions.Session": {M: "session_key session_data"},
    "underwriting.Assessment": {N: "reasons inputs caps"},
    "underwriting.Exposure": {H: "slot"},
    "underwriting.ExposureHold": {H: "slots"},
    "underwriting.Identity": {H: "digest"},
    "underwriting.ListEntry": {H: "digest", M: "reason"},
    "underwriting.Override": {E: "reason"},
    "underwriting.UnderwritingPolicy": {N: "name terms"},
    "users.ApiKey": {M: "name prefix secret_hash scopes allowed_ips"},
    "users.Role": {M: "name permissions"},
    "users.User": {M: "password email name"},
    "usersessions.UserSession": {M: "ip session_key user_agent data"},
}


def listed() -> dict[str, Holds]:
    """`app.Model.column` and what it holds."""
    return {
        f"{label}.{column}": holds
        for label, told in COLUMNS.items()
        for holds, columns in told.items()
        for column in columns.split()
    }


def with_words() -> Iterator[tuple[str, type[models.Model]]]:
    """Every column that could name somebody; versions of a row hold what its own columns hold."""
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_tracked_model") or model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, WORDS) and not field.choices and _is_long(field):
                yield f"{model._meta.label}.{field.name}", model


def _is_long(field: "models.Field[object, object]") -> bool:
    return field.max_length is None or field.max_length > SHORT
