"""Tenancy by construction (I-01 to I-03): every model, and the catalogue of PostgreSQL."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from pghistory.models import Event as History

from apps.core.constraints import DeferredCheck, TenantForeignKey

type ModelClass = type[models.Model]

GLOBAL_MODELS = {
    "accounts.Merchant": "the tenant itself",
    "users.User": "one person may belong to several merchants; Membership ties them",
    "underwriting.Identity": "a shopper across merchants, as a keyed hash that no merchant sees",
    "underwriting.Exposure": "a cap across merchants; what one merchant holds of it is its hold",
    "underwriting.UnderwritingPolicy": "without a merchant it is the platform's, for all",
    "underwriting.ListEntry": "without a merchant it is the platform's, for all",
    "events.JobRun": "periodic jobs of the platform, no row of a merchant",
    "events.ReconciliationItem": "a fault may be the platform's own, such as a trigger that is off",
    "events.ReconciliationRun": "asks about all merchants at once",
    "billing.Plan": "what the platform sells, to any merchant",
    "billing.FeeSchedule": "the prices of a plan",
    "billing.InvoiceSeries": "the platform's own numbers, which may have no gap",
    "integrations.Installation": "of a shop that nobody has said the merchant of yet",
    "billing.DirectDebitFile": "one file collects from many merchants",
}
GLOBAL_UNIQUES = {
    "accounts_store_slug": "the public path of a portal has no merchant in it",
    "users_apikey.prefix": "the key is found by its prefix before the merchant is known",
    "events_event_sequence": "the subject is one row of one merchant",
    "events_reconciliation_once": "a fault is of one row of one merchant, or of the platform",
    "payments_striperecoverycharge_once": "a recovery is one row of one merchant",
    "billing_invoice_number": "the series is the platform's own",
    "billing_billingprofile_mandate_id": "the creditor of every mandate is the platform",
    "billing_directdebit.end_to_end_id": "the creditor of every debit is the platform",
}
# A child's table has no merchant of its own: a trigger reads the parent's.
GUARDED_BY_TRIGGER = {
    "payments.StripeRefund.stripe_account": "payments_striperefund_merchant",
    "payments.StripeCheckoutPayment.stripe_account": "payments_stripecheckoutpayment_merchant",
    "payments.StripeRecoveryCharge.stripe_account": "payments_striperecoverycharge_merchant",
    "payments.StripeRecoveryCharge.card": "payments_striperecoverycharge_covered",
    "payments.PayPalRefund.gateway_account": "payments_paypalrefund_merchant",
    "payments.AdyenRefund.gateway_account": "payments_adyenrefund_merchant",
    "payments.MollieRefund.gateway_account": "payments_mollierefund_merchant",
}


def project_models() -> list[ModelClass]:
    """All but the history, whose rows are copies that a trigger makes of rows judged here."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models()
        if model._meta.managed and not model._meta.proxy and not issubclass(model, History)
    ]


def merchant_field(model: ModelClass) -> models.Field[object, object] | None:
    for field in model._meta.concrete_fields:
        if field.attname == "merchant_id":
            return field
    return None


def is_tenant(model: object) -> bool:
    return (
        isinstance(model, type) and issubclass(model, models.Model) and bool(merchant_field(model))
    )


def tenant_keys() -> Iterator[tuple[ModelClass, models.ForeignKey[object, object]]]:
    """Foreign keys with a merchant_id at both ends; not the link of a child to its parent."""
    for model in filter(is_tenant, project_models()):
        for field in model._meta.local_concrete_fields:
            link = field.remote_field and getattr(field.remote_field, "parent_link", False)
            if isinstance(field, models.ForeignKey) and is_tenant(field.related_model) and not link:
                yield model, field


def declared(model: ModelClass) -> dict[str, str]:
    """Name of the composite key by the field that it guards."""
    return {
        rule.field: rule.name
        for rule in model._meta.constraints
        if isinstance(rule, TenantForeignKey)
    }


def open_keys() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model, field in tenant_keys()
        if field.name not in declared(model) and not by_trigger(model, field.name)
    }


def by_trigger(model: ModelClass, field: str) -> bool:
    name = GUARDED_BY_TRIGGER.get(f"{model._meta.label}.{field}")
    return any(isinstance(r, DeferredCheck) and r.name == name for r in model._meta.constraints)


def uniques(model: ModelClass) -> Iterator[tuple[str, frozenset[str]]]:
    """Name and columns of everything unique but the primary key."""
    for field in model._meta.local_concrete_fields:
        if field.unique and not field.primary_key:
            yield f"{model._meta.db_table}.{field.name}", frozenset({field.attname})
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint):
            names = (model._meta.get_field(name) for name in rule.fields)
            yield rule.name, frozenset(getattr(field, "attname", field.name) for field in names)


def foreign_keys_of_the_database() -> set[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Table, name, columns here and columns there of each foreign key of two columns."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.conrelid::regclass::text, c.conname,
              (SELECT array_agg(a.attname::text ORDER BY k.n)
                FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
              (SELECT array_agg(a.attname::text ORDER BY k.n)
                FROM unnest(c.confkey) WITH ORDINALITY k(num, n)
                JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)
            FROM pg_constraint c WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 2
        """)
        return {(table, name, tuple(here), tuple(there)) for table, name, here, there in cursor}


class TenancyTest:
    def test_every_row_belongs_to_a_merchant(self) -> None:
        homeless = {
            model._meta.label
            for model in project_models()
            if (field := merchant_field(model)) is None or field.null
        }
        assert homeless == GLOBAL_MODELS.keys()

    def test_every_key_between_tenant_tables_is_guarded(self) -> None:
        assert open_keys() == set()

    def test_a_key_without_a_guard_is_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(apps.get_model("orders.Return")._meta, "constraints", [])
        assert {"orders.Return.order", "orders.Return.store"} <= open_keys()

    @pytest.mark.django_db
    def test_the_database_knows_every_guard(self) -> None:
        wanted = {
            (
                model._meta.db_table,
                declared(model)[field.name],
                ("merchant_id", str(field.column)),
                ("merchant_id", "id"),
            )
            for model, field in tenant_keys()
            if field.name in declared(model)
        }
        assert len(wanted) > 20
        assert wanted - foreign_keys_of_the_database() == set()

    def test_everything_unique_is_unique_within_a_merchant(self) -> None:
        loose = set()
        for model in filter(is_tenant, project_models()):
            guarded = {model._meta.get_field(name) for name in declared(model)}
            inside = {"merchant_id", "store_id", *(str(getattr(f, "attname", "")) for f in guarded)}
            links = {field.attname for field in model._meta.parents.values() if field}
            loose |= {name for name, columns in uniques(model) if not columns & (inside | links)}
        assert loose == GLOBAL_UNIQUES.keys()
