"""What a merchant sees of its invoices and fees, and how it says who pays."""

from typing import Any

import pypdfium2 as pdfium
import pytest
from pytest_django import Settings

from apps.accounts.models import Merchant
from apps.accounts.tests.factories import MerchantFactory
from apps.api.merchants.tests.desk import Desk, at_most, owner_of, seat_at
from apps.billing import services
from apps.billing.dtos import CreditRequest, Receipt
from apps.billing.models import BillingProfile, Invoice
from apps.billing.modules.card_consent import VERSION
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    BillingProfileFactory,
    DraftFactory,
    FeeFactory,
    InvoiceFactory,
    MerchantCardFactory,
    SubscriptionFactory,
)
from apps.core import clock
from apps.core.money import Money
from apps.users.tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
INVOICES = "/v1/billing/invoices"
PROFILE = "/v1/billing/profile"
CARD = "/v1/billing/card"
BODY = {
    "legal_name": "Laden GmbH",
    "address": {"street": "Hauptstr. 1", "city": "Berlin", "postcode": "10115", "country": "DE"},
    "vat_number": "136695976",
    "method": "bank_transfer",
}


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


@pytest.fixture
def merchant() -> Merchant:
    made: Merchant = MerchantFactory.create()
    return made


@pytest.fixture
def desk(merchant: Merchant) -> Desk:
    return owner_of(merchant)


class InvoicesTest:
    def test_list(self, desk: Desk, merchant: Merchant) -> None:
        invoice = InvoiceFactory.create(merchant=merchant)
        DraftFactory.create(merchant=merchant, period="2026-09-01")
        InvoiceFactory.create()
        with at_most(1):
            shown = desk.get(INVOICES).json()["data"]

        assert shown == [
            {
                "id": str(invoice.pk),
                "kind": "invoice",
                "number": "F2026-000001",
                "status": "issued",
                "dunning": "none",
                "period": "2026-10",
                "issued_on": "2026-11-02",
                "due_on": "2026-11-16",
                "net": eur("100.00"),
                "vat": eur("21.00"),
                "total": eur("121.00"),
                "paid": eur("0.00"),
                "credited": eur("0.00"),
                "due": eur("121.00"),
                "paid_at": None,
                "updated_at": shown[0]["updated_at"],
            }
        ]

    def test_filters(self, desk: Desk, merchant: Merchant) -> None:
        invoice = InvoiceFactory.create(merchant=merchant)
        invoice.receive(Receipt(amount=Money(12100, "EUR"), reference="x"), IN_NOVEMBER)
        request = CreditRequest(invoice=invoice, reason="twice", by=UserFactory.create())
        services.credit_invoice(request, IN_NOVEMBER)

        def numbers(query: str) -> list[str]:
            return [row["number"] for row in desk.get(f"{INVOICES}?{query}").json()["data"]]

        assert numbers("kind=credit_note") == ["R2026-000001"]
        assert numbers("status=credited") == ["F2026-000001"]
        assert numbers("status=paid") == []
        assert desk.get(f"{INVOICES}?status=draft").status_code == 400

    def test_detail(self, desk: Desk, merchant: Merchant) -> None:
        invoice = InvoiceFactory.create(merchant=merchant)
        request = CreditRequest(invoice=invoice, reason="twice", by=UserFactory.create())
        note = services.credit_invoice(request, IN_NOVEMBER)
        with at_most(3):
            shown = desk.get(f"{INVOICES}/{note.pk}").json()

        assert shown["original"] == {"id": str(invoice.pk), "number": "F2026-000001"}
        assert (shown["reason"], shown["period"], shown["due"]) == ("twice", "", eur("0.00"))
        assert shown["buyer"]["name"] == "Tienda S.L."
        assert shown["lines"] == [
            {
                "position": 1,
                "kind": "request",
                "description": "Return requests",
                "quantity": 1,
                "unit": eur("100.00"),
                "net": eur("100.00"),
                "vat_rate": "21.00",
                "vat": eur("21.00"),
            }
        ]
        assert desk.get(f"{INVOICES}/{invoice.pk}").json()["original"] is None

    def test_a_draft_is_not_there(self, desk: Desk, merchant: Merchant) -> None:
        draft = DraftFactory.create(merchant=merchant)

        assert desk.get(f"{INVOICES}/{draft.pk}").status_code == 404
        assert desk.get(f"{INVOICES}/{draft.pk}/pdf").status_code == 404

    def test_pdf(self, desk: Desk, merchant: Merchant, settings: Settings, tmp_path: Any) -> None:
        settings.MEDIA_ROOT = tmp_path
        invoice = InvoiceFactory.create(merchant=merchant)
        first = desk.get(f"{INVOICES}/{invoice.pk}/pdf")
        again = desk.get(f"{INVOICES}/{invoice.pk}/pdf")

        assert first["Content-Type"] == "application/pdf"
        assert first["Content-Disposition"] == 'attachment; filename="F2026-000001.pdf"'
        assert first.content == again.content
        document = pdfium.PdfDocument(first.content)
        assert len(document) == 1
        document.close()
        assert Invoice.objects.get().size == len(first.content)


class FeesTest:
    def test_list_and_filters(self, desk: Desk, merchant: Merchant) -> None:
        BillingProfileFactory.create(merchant=merchant)
        FeeFactory.create(merchant=merchant, kind="instant", amount_minor=155)
        services.close_month(merchant, FeeFactory.create().period, IN_NOVEMBER)
        fresh = FeeFactory.create(merchant=merchant, occurred_at=IN_NOVEMBER)
        invoice = Invoice.objects.get()

        def kinds(query: str = "") -> list[str]:
            return [row["kind"] for row in desk.get(f"/v1/billing/fees?{query}").json()["data"]]

        assert kinds() == ["request", "instant"]
        assert kinds("kind=instant") == kinds("period=2026-10") == ["instant"]
        assert kinds(f"invoice={invoice.pk}") == ["instant"]
        assert desk.get("/v1/billing/fees?period=2026-13").status_code == 400
        shown = desk.get("/v1/billing/fees").json()["data"]
        assert shown[0]["invoice"] is None
        assert shown[1]["invoice"] == {"id": str(invoice.pk), "number": "F2026-000001"}
        assert (shown[0]["subject_id"], shown[0]["period"]) == (str(fresh.subject_id), "2026-11")

    def test_running_month(self, desk: Desk, merchant: Merchant) -> None:
        SubscriptionFactory.create(merchant=merchant)
        FeeFactory.create_batch(2, merchant=merchant, occurred_at=clock.now())
        with at_most(3):
            shown = desk.get("/v1/billing/current").json()

        assert shown == {
            "period": f"{clock.now():%Y-%m}",
            "plan": "Advanced",
            "monthly": eur("99.00"),
            "minimum": eur("50.00"),
            "fees": [{"kind": "request", "quantity": 2, "net": eur("0.60")}],
            "totals": [eur("0.60")],
        }


class ProfileTest:
    def test_before_it_is_written(self, desk: Desk, merchant: Merchant) -> None:
        shown = desk.get(PROFILE).json()

        assert (shown["legal_name"], shown["is_complete"]) == (merchant.legal_name, False)
        assert BillingProfile.objects.count() == 0

    def test_written_whole(self, desk: Desk) -> None:
        shown = desk.send(PROFILE, BODY, "PUT").json()

        assert shown == desk.get(PROFILE).json()
        assert (shown["vat_number"], shown["vat_treatment"]) == ("DE136695976", "reverse_charge")
        assert (shown["is_complete"], shown["email"], shown["mandate_id"]) == (True, "", "")

    def test_the_language_stays_until_it_is_named(self, desk: Desk, merchant: Merchant) -> None:
        told = [{}, {"language": "fr"}, {}, {"language": ""}]
        shown = [desk.send(PROFILE, {**BODY, **each}, "PUT").json()["language"] for each in told]

        assert shown == ["en", "fr", "fr", ""]
        fields = [each.payload["fields"] for each in merchant.timeline.order_by("sequence")]
        assert fields == [["language"], ["language"]]
        assert desk.send(PROFILE, {**BODY, "language": "it"}, "PUT").status_code == 400

    def test_direct_debit(self, desk: Desk) -> None:
        body = {**BODY, "method": "direct_debit", "iban": "DE89 3704 0044 0532 0130 00"}
        unsigned = desk.send(PROFILE, body, "PUT")
        assert (unsigned.status_code, list(unsigned.json()["errors"])) == (400, ["mandate"])
        shown = desk.send(PROFILE, {**body, "mandate": True}, "PUT").json()

        assert (shown["account_last_four"], shown["method"]) == ("3000", "direct_debit")
        assert shown["mandate_id"].startswith("M20")
        kept = desk.send(PROFILE, {**BODY, "method": "direct_debit"}, "PUT").json()
        assert kept["mandate_id"] == shown["mandate_id"]

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"vat_number": "DE136695977"}, "invalid_vat_number"),
            ({"method": "direct_debit"}, "mandate_required"),
            ({"method": "direct_debit", "iban": "DE00", "mandate": True}, "invalid_iban"),
            ({"method": "cash"}, "invalid_form"),
        ],
    )
    def test_refused(self, desk: Desk, change: dict[str, Any], code: str) -> None:
        answer = desk.send(PROFILE, {**BODY, **change}, "PUT")

        assert answer.status_code == 400
        assert answer.json()["code"] == code
        assert BillingProfile.objects.filter(legal_name="Laden GmbH").count() == 0


class AccessTest:
    def test_readers_read_and_others_do_not(self, merchant: Merchant) -> None:
        reader = seat_at(merchant, permissions={"billing": "read"})
        stranger = seat_at(merchant, permissions={"money": "edit"})

        assert reader.get(INVOICES).status_code == 200
        assert reader.send(PROFILE, BODY, "PUT").status_code == 403
        assert stranger.get(INVOICES).status_code == 403

    def test_who_pays_is_said_with_a_second_factor(self, merchant: Merchant) -> None:
        member = MembershipFactory.create(merchant=merchant, role__owner=True)
        desk = Desk(member, second_factor=False)

        assert desk.get(PROFILE).status_code == 200
        assert desk.send(PROFILE, BODY, "PUT").json()["code"] == "second_factor_required"


class CardTest:
    def test_none_then_one_then_none(self, desk: Desk, merchant: Merchant) -> None:
        shown = desk.get(CARD).json()
        assert (shown["card"], shown["consent"]["version"]) == (None, VERSION)
        assert shown["consent"]["text"].endswith("until you remove the card.")
        by_card = {**BODY, "method": "card"}
        assert desk.send(PROFILE, by_card, "PUT").json()["code"] == "card_required"

        MerchantCardFactory.create(merchant=merchant)
        card = desk.get(CARD).json()["card"]
        assert (card["brand"], card["last4"], card["expires"]) == ("visa", "4242", "2030-12")
        assert card["consent_version"] == VERSION
        assert desk.send(PROFILE, by_card, "PUT").json()["method"] == "card"

        assert desk.send(CARD, method="DELETE").status_code == 204
        assert desk.get(CARD).json()["card"] is None
        assert desk.get(PROFILE).json()["method"] == "bank_transfer"

    def test_page(self, desk: Desk, merchant: Merchant) -> None:
        url = "https://checkout.psp.example/c/pay/cs_1"
        MerchantCardFactory.create(merchant=merchant, consented=True, url=url)

        assert desk.send(CARD, {"version": VERSION}).json()["url"] == url
        assert desk.send(CARD, {"version": "2020-01"}).json()["code"] == "consent_outdated"
        assert desk.send(CARD, {}).json()["code"] == "invalid_form"

    def test_needs_a_second_factor(self, merchant: Merchant) -> None:
        member = MembershipFactory.create(merchant=merchant, role__owner=True)
        answer = Desk(member, second_factor=False).send(CARD, {"version": VERSION})
        assert answer.json()["code"] == "second_factor_required"
