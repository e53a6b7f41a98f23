"""A sandbox's month closed before it is over, and its money confirmed either way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import Merchant
from apps.billing.models import Invoice, MerchantPayout
from apps.billing.tests.factories import BillingProfileFactory, FeeFactory
from apps.billing.tests.test_reimbursements import owe
from apps.payments.modules.ledger import services as ledger
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_october(settings: Settings, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(datetime(2026, 10, 20, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def merchant() -> Merchant:
    """One request of 0.30, and 0.06 of VAT."""
    made: Merchant = BillingProfileFactory.create().merchant
    FeeFactory.create(merchant=made)
    return made


def told(merchant: Merchant, *words: str) -> str:
    out = StringIO()
    call_command("close_sandbox_month", merchant.slug, *words, stdout=out)
    return out.getvalue().strip()


class SandboxMonthTest:
    def test_the_running_month_then_the_next(self, merchant: Merchant) -> None:
        assert told(merchant) == "F2026-000001"
        FeeFactory.create(merchant=merchant)
        assert told(merchant) == "F2026-000002"
        months = Invoice.objects.order_by("number").values_list("period__month", flat=True)
        assert list(months) == [10, 11]

    def test_its_money_comes(self, merchant: Merchant) -> None:
        code = told(merchant)
        assert told(merchant, "--paid", code) == code
        invoice = Invoice.objects.get()
        assert (invoice.status, invoice.paid.minor, invoice.paid_at) == (
            "paid",
            36,
            datetime(2026, 10, 31, 23, tzinfo=UTC),
        )

    def test_or_goes(self, merchant: Merchant) -> None:
        owe(merchant, 1950)
        code = told(merchant)
        with pytest.raises(CommandError, match="nobody of the staff"):
            told(merchant, "--paid", code)
        UserFactory.create(is_staff=True)
        told(merchant, "--paid", code)

        assert MerchantPayout.objects.get().status == "paid"
        assert ledger.balances(merchant)["merchant_payable", "EUR"].minor == 0

    def test_on_development_machines_only(self, merchant: Merchant, settings: Settings) -> None:
        settings.SANDBOX = False
        with pytest.raises(CommandError, match="development machines"):
            told(merchant)
