"""The fake shops of integrations, for what orders read there and write back."""

from apps.integrations.conftest import ear, hooks_heard, start_shop

__all__ = ["ear", "hooks_heard", "start_shop"]
