"""Soft deletion is for configuration and catalogue; money and history are never taken away."""

from django.apps import apps

from apps.core.models import SoftDeletable

SOFT = {
    "accounts.Location",
    "accounts.Merchant",
    "accounts.Store",
    "deliveries.CarrierAccount",
    "deliveries.DropOffPoint",
    "deliveries.ReturnMethod",
    "orders.ReturnReason",
}


class SoftDeletionTest:
    def test_only_configuration_is_soft_deleted(self) -> None:
        soft = {
            model._meta.label for model in apps.get_models() if issubclass(model, SoftDeletable)
        }
        assert soft == SOFT

    def test_no_unique_column_forgets_the_deleted(self) -> None:
        """C-56: a UNIQUE on such a model has the condition `deleted IS NULL`."""
        models = [model for model in apps.get_models() if issubclass(model, SoftDeletable)]
        unique = [
            f"{model._meta.label}.{field.name}"
            for model in models
            for field in model._meta.local_fields
            if field.unique and not field.primary_key
        ]
        assert models
        assert unique == []
