from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.accounts.models import Customer
from apps.accounts.tests.factories import CustomerFactory, MerchantFactory
from apps.api.common import pages
from apps.api.common.pages import Ordering, PageForm, PageRequest
from apps.api.conftest import ClientOf
from apps.core import clock
from apps.users.models import ApiKey
from apps.users.tests.factories import ApiKeyFactory

AT = datetime(2026, 11, 25, 10, 30, 1, 5, tzinfo=UTC)
ID = UUID("01a2144e-efb0-75ed-8f35-36db49f308df")


@pytest.fixture
def key(db: None) -> ApiKey:
    return ApiKeyFactory.create()


@pytest.mark.usefixtures("test_routes")
class ListTest:
    def walk(self, client_of: ClientOf, key: ApiKey, query: str) -> list[list[str]]:
        client, found, cursor = client_of(key), [], ""
        while True:
            body = client.get(f"/v1/customers?{query}{cursor}").json()
            found.append([row["email"] for row in body["data"]])
            if body["next_cursor"] is None:
                return found
            cursor = f"&cursor={body['next_cursor']}"

    def test_pages_hold_every_row_once_newest_first(self, key: ApiKey, client_of: ClientOf) -> None:
        emails = [f"{n}@shop.example" for n in range(5)]
        for email in emails:
            CustomerFactory.create(merchant=key.merchant, email=email)
        CustomerFactory.create()
        newest = emails[::-1]

        assert self.walk(client_of, key, "limit=2") == [newest[:2], newest[2:4], newest[4:]]
        assert self.walk(client_of, key, "limit=5") == [newest]
        assert self.walk(client_of, key, "ordering=email&limit=3") == [emails[:3], emails[3:]]

    def test_a_row_added_meanwhile_shifts_nothing(self, key: ApiKey, client_of: ClientOf) -> None:
        customers = CustomerFactory.create_batch(3, merchant=key.merchant)
        client = client_of(key)
        first = client.get("/v1/customers?limit=2").json()
        CustomerFactory.create(merchant=key.merchant)
        second = client.get(f"/v1/customers?limit=2&cursor={first['next_cursor']}").json()

        assert [row["email"] for row in second["data"]] == [customers[0].email]

    def test_any_page_costs_the_same_queries(
        self, key: ApiKey, client_of: ClientOf, django_assert_num_queries: Any
    ) -> None:
        CustomerFactory.create_batch(4, merchant=key.merchant)
        client = client_of(key)
        cursor = client.get("/v1/customers?limit=2").json()["next_cursor"]
        with django_assert_num_queries(2):
            client.get(f"/v1/customers?limit=2&cursor={cursor}")

    def test_updated_since(self, key: ApiKey, client_of: ClientOf) -> None:
        old = CustomerFactory.create(merchant=key.merchant)
        new = CustomerFactory.create(merchant=key.merchant)
        Customer.objects.filter(pk=old.pk).update(updated_at=clock.now() - timedelta(days=2))
        since = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

        assert self.walk(client_of, key, f"updated_since={since}") == [[new.email]]

    @pytest.mark.parametrize(
        ("query", "errors"),
        [
            ("limit=0", {"limit": "min_value"}),
            ("limit=101", {"limit": "max_value"}),
            ("limit=x", {"limit": "invalid"}),
            ("ordering=merchant_id", {"ordering": "invalid_choice"}),
            ("offset=10", {"offset": "unknown_field"}),
            ("page=2", {"page": "unknown_field"}),
            ("cursor=" + "x" * 601, {"cursor": "max_length"}),
            ("updated_since=2026-11-25", {"updated_since": "no_offset"}),
            ("limit=1&limit=2", {"limit": "repeated"}),
        ],
    )
    def test_refuses(
        self, query: str, errors: dict[str, str], key: ApiKey, client_of: ClientOf
    ) -> None:
        response = client_of(key).get(f"/v1/customers?{query}")
        found = {name: each[0]["code"] for name, each in response.json()["errors"].items()}

        assert response.status_code == 400
        assert found == errors

    @pytest.mark.parametrize("cursor", ["x", "ñ", "====", "A" * 40, "%00", "-1"])
    def test_refuses_a_cursor_it_did_not_make(
        self, cursor: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        response = client_of(key).get(f"/v1/customers?cursor={cursor}")

        assert response.status_code == 400
        assert response.json()["code"] in ("invalid_cursor", "invalid_form")

    def test_a_cursor_belongs_to_its_ordering(self, key: ApiKey, client_of: ClientOf) -> None:
        CustomerFactory.create_batch(2, merchant=key.merchant)
        client = client_of(key)
        cursor = client.get("/v1/customers?limit=1").json()["next_cursor"]
        response = client.get(f"/v1/customers?limit=1&ordering=email&cursor={cursor}")

        assert response.json()["code"] == "invalid_cursor"


class CursorTest:
    @pytest.mark.parametrize("values", [(ID,), (AT, ID), (7, ID), ("ana", ID)])
    def test_carries_typed_values(self, values: tuple[Any, ...]) -> None:
        cursor = pages.encode("List", "-id", values)

        assert pages.decode("List", "-id", cursor, len(values)) == values

    def test_a_changed_character_or_scope_is_refused(self) -> None:
        cursor = pages.encode("List", "-id", [ID])
        changed = cursor[:30] + ("A" if cursor[30] != "A" else "B") + cursor[31:]

        for scope, text, columns in (
            ("List", changed, 1),
            ("Other", cursor, 1),
            ("List", cursor, 2),
        ):
            with pytest.raises(pages.InvalidCursor):
                pages.decode(scope, "-id", text, columns)


@pytest.mark.django_db
class RowsTest:
    def test_ties_are_broken_by_the_id(self) -> None:
        at, merchant = clock.now(), MerchantFactory.create()
        customers = CustomerFactory.create_batch(4, merchant=merchant, created_at=at)
        queryset = Customer.objects.for_merchant(merchant)
        for descending in (True, False):
            ordering = Ordering("created_at", descending)
            first = PageRequest(ordering, 2, "List").rows(queryset)
            last = first[1]
            second = PageRequest(ordering, 2, "List", (last.created_at, last.pk)).rows(queryset)

            found = [row.pk for row in first[:2] + second]
            expected = [customer.pk for customer in customers]
            assert found == (expected[::-1] if descending else expected)

    def test_raw_rows_make_pages_too(self) -> None:
        page = PageRequest(Ordering("at"), 2, "List").page(
            [{"at": AT, "id": ID}, {"at": AT, "id": ID}, {"at": AT, "id": ID}]
        )

        assert len(page.rows) == 2
        assert page.next_cursor is not None
        assert pages.decode("List", "-at", page.next_cursor, 2) == (AT, ID)

    def test_the_default_is_25(self) -> None:
        assert PageForm(data={}).judged().limit == 25
