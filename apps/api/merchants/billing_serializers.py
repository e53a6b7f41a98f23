"""Serializers that only describe, for OpenAPI, what a merchant is billed."""

from rest_framework import serializers

from apps.accounts import choices as accounts
from apps.api.common.fields import MoneyField
from apps.api.merchants.desk_serializers import NumberedSerializer
from apps.billing import choices


class InvoiceSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=choices.Invoice.Kind.choices)
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=choices.Invoice.Status.choices)
    dunning = serializers.ChoiceField(choices=choices.Invoice.Dunning.choices)
    period = serializers.CharField(help_text="The month, as in 2026-10; empty on a credit note.")
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    net = MoneyField()
    vat = MoneyField()
    total = MoneyField()
    paid = MoneyField()
    credited = MoneyField(help_text="Taken by credit notes; on one, set off against its invoice.")
    due = MoneyField()
    paid_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


class InvoiceLineSerializer(serializers.Serializer[object]):
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=choices.Fee.Kind.choices)
    description = serializers.CharField()
    quantity = serializers.IntegerField()
    unit = MoneyField(
        allow_null=True, help_text="Null where the things of a line cost differently."
    )
    net = MoneyField(help_text="Below zero for a credit.")
    vat_rate = serializers.CharField()
    vat = MoneyField()


class BuyerSerializer(serializers.Serializer[object]):
    name = serializers.CharField()
    street = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    vat_number = serializers.CharField()
    email = serializers.CharField()


class InvoiceDetailSerializer(InvoiceSerializer):
    original = NumberedSerializer(allow_null=True, help_text="What a credit note takes from.")
    reason = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    buyer = BuyerSerializer()
    lines = InvoiceLineSerializer(many=True)


class InvoicePageSerializer(serializers.Serializer[object]):
    url = serializers.URLField()
    amount = MoneyField()
    until = serializers.DateTimeField()


class SavedCardSerializer(serializers.Serializer[object]):
    brand = serializers.CharField()
    last4 = serializers.CharField()
    expires = serializers.CharField(help_text="The month, as in 2030-12.")
    consented_at = serializers.DateTimeField()
    consent_version = serializers.CharField()
    consent_text = serializers.CharField(help_text="What was agreed to.")


class CardConsentSerializer(serializers.Serializer[object]):
    version = serializers.CharField()
    text = serializers.CharField()


class BillingCardSerializer(serializers.Serializer[object]):
    card = SavedCardSerializer(allow_null=True)
    consent = CardConsentSerializer(help_text="To be agreed to before a card is saved.")


class BillingCardPageSerializer(serializers.Serializer[object]):
    url = serializers.URLField()
    until = serializers.DateTimeField()


class FeeSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=choices.Fee.Kind.choices)
    description = serializers.CharField()
    amount = MoneyField(help_text="Net of VAT; below zero for a credit.")
    subject_type = serializers.CharField()
    subject_id = serializers.UUIDField()
    period = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    invoice = NumberedSerializer(allow_null=True)


class RunningFeeSerializer(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=choices.Fee.Kind.choices)
    quantity = serializers.IntegerField()
    net = MoneyField()


class RunningMonthSerializer(serializers.Serializer[object]):
    period = serializers.CharField()
    plan = serializers.CharField(help_text="Empty without one.")
    monthly = MoneyField(allow_null=True)
    minimum = MoneyField(allow_null=True)
    fees = RunningFeeSerializer(many=True)
    totals = serializers.ListField(child=MoneyField(), help_text="One for each currency.")


class BillingAddressSerializer(serializers.Serializer[object]):
    street = serializers.CharField()
    city = serializers.CharField()
    postcode = serializers.CharField()
    country = serializers.CharField()


class BillingProfileSerializer(serializers.Serializer[object]):
    legal_name = serializers.CharField()
    address = BillingAddressSerializer()
    email = serializers.CharField()
    vat_number = serializers.CharField()
    vat_treatment = serializers.ChoiceField(choices=choices.Vat.Treatment.choices)
    currency = serializers.CharField()
    language = serializers.ChoiceField(
        choices=["", *accounts.Merchant.Language.values],
        help_text="Of invoices and letters; empty: that of the country.",
    )
    method = serializers.ChoiceField(choices=choices.Profile.Method.choices)
    account_last_four = serializers.CharField()
    mandate_id = serializers.CharField()
    mandate_signed_on = serializers.DateField(allow_null=True)
    is_complete = serializers.BooleanField(help_text="Whether invoices can be made out to it.")
