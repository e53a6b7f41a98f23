from datetime import date
from pathlib import Path

import pytest
from graphql import parse, validate

from apps.core import clock
from apps.integrations.shopify import choices, documents
from fakes.shopify import points, schema

DEAREST = {"first": 250}


@pytest.fixture(scope="session")
def schema_of_shopify(published: Path) -> object:
    return schema.loaded()


class OperationsTest:
    @pytest.mark.parametrize("name", documents.names())
    def test_fits_the_published_schema(self, name: str, schema_of_shopify: object) -> None:
        parsed = parse(documents.document(name))

        assert validate(schema.loaded(), parsed) == []

    @pytest.mark.parametrize("name", documents.names())
    def test_costs_no_more_than_shopify_grants_to_one(self, name: str) -> None:
        parsed = parse(documents.document(name))

        assert points.cost_of(parsed, DEAREST) <= points.MOST_OF_ONE

    def test_a_wrong_field_is_seen(self, schema_of_shopify: object) -> None:
        wrong = documents.document("shop").replace("ianaTimezone", "timeZone")

        assert "timeZone" in validate(schema.loaded(), parse(wrong))[0].message

    def test_money_and_stock_say_that_they_may_be_repeated(self) -> None:
        keyed = {name for name in documents.names() if "@idempotent" in documents.document(name)}

        assert keyed == {"create_refund", "move_stock"}

    def test_a_document_brings_the_fragments_it_uses_and_no_other(self) -> None:
        text = documents.document("card")

        assert text.count("fragment ") == 1
        assert "fragment Bag" in documents.document("payments")


class VersionTest:
    def test_it_is_the_one_that_the_schema_is_of(self) -> None:
        assert choices.VERSION == schema.VERSION

    def test_it_is_served_for_a_quarter_more(self) -> None:
        """Fails in time to move on: Shopify serves a version for one year."""
        year, month = (int(part) for part in choices.VERSION.split("-"))

        assert date(year + 1, month, 1) == choices.VERSION_ENDS
        assert (choices.VERSION_ENDS - clock.now().date()).days > 90


class TopicsTest:
    def test_names_in_headers(self) -> None:
        assert choices.header_of("ORDER_TRANSACTIONS_CREATE") == "order_transactions/create"
        assert choices.MEANINGS["app/uninstalled"] == "uninstalled"
        assert choices.MEANINGS["customers/redact"] == "privacy"
