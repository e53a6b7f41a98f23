"""What the fake refuses in bulk, and that what we ask is none of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import parse, validate

from apps.integrations.connectors import Declined
from apps.integrations.shopify import history
from apps.integrations.shopify.connectors import Connector
from fakes.psp.refusals import Refusal
from fakes.shopify import schema
from fakes.shopify.bulk_rules import assert_bulk
from fakes.shops.control import FakeShop

EVER = datetime(2020, 1, 1, tzinfo=UTC)
LINES = "lineItems { edges { node { id } } }"


def of_orders(inner: str) -> str:
    return f"{{ orders {{ edges {{ node {{ id {inner} }} }} }} }}"


class BulkRulesTest:
    @pytest.mark.parametrize(
        ("query", "why"),
        [
            ("{ shop { name } }", "top level"),
            ('{ nodes(ids: ["1"]) { id } }', "top level"),
            ("query a($x: String) { orders(query: $x) { edges { node { id } } } }", "variables"),
            ("mutation { tagsAdd(id: 1, tags: []) { userErrors { message } } }", "one query"),
            (of_orders("fulfillments { id fulfillmentLineItems { nodes { id } } }"), "list"),
            (of_orders("refunds { id refundLineItems { nodes { quantity } } }"), "list"),
            (f"{{ orders {{ edges {{ node {{ name {LINES} }} }} }} }}", "must select its 'id'"),
            (
                of_orders("a: " + LINES + " ".join(f"{x}: {LINES}" for x in "bcde")),
                "more than 5",
            ),
            (
                of_orders(
                    "fulfillmentOrders { nodes { id lineItems { nodes { id lineItem { id product "
                    "{ id variants { nodes { id } } } } } } } }"
                ),
                "deeper than 2",
            ),
        ],
    )
    def test_refused(self, published: Path, query: str, why: str) -> None:
        with pytest.raises(Refusal, match=why):
            assert_bulk(parse(query))

    def test_ours_is_none_of_these(self, published: Path) -> None:
        document = parse(history.query_of(EVER, "m"))

        assert_bulk(document)
        assert validate(schema.loaded(), document) == []

    def test_one_at_a_time(self, fake: FakeShop, connector: Connector) -> None:
        fake.vendor("bulk", polls=5)
        connector.client.change("start_bulk", query=of_orders(""))

        with pytest.raises(Declined, match="operation_in_progress"):
            connector.client.change("start_bulk", query=of_orders(""))
