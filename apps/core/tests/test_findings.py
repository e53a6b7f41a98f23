from datetime import datetime
from uuid import uuid4

import pytest

from apps.core import clock, findings
from apps.core.findings import Finding, Query

AT = clock.now()


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "_queries", {})


class RegistryTest:
    def test_names_a_query_by_its_app_and_function_and_takes_it_once(self) -> None:
        def clocks_that_stand() -> list[str]:
            return ["the clock"]

        query = findings.finds_names("I-99", "a clock stands")(clocks_that_stand)

        assert query.name == "core.clocks_that_stand"
        with pytest.raises(ValueError, match="registered already"):
            findings.register(query)

    def test_what_is_the_platforms_own_is_no_merchants(self) -> None:
        findings.finds_names("I-99", "a clock stands")(lambda: ["the clock"])

        assert [str(each) for each in findings.find(AT)] == ["I-99 a clock stands: the clock"]
        assert findings.find(AT, uuid4()) == []

    def test_asks_in_the_order_of_the_invariants(self) -> None:
        def nothing(at: datetime, merchant_id: object) -> list[Finding]:
            return []

        for name, invariant in (("b.b", "I-20"), ("a.z", "I-20"), ("c.c", "I-05")):
            findings.register(Query(name, invariant, "x", nothing))

        assert [query.name for query in findings.queries()] == ["c.c", "a.z", "b.b"]

    def test_counts_no_further_than_a_fault_needs(self) -> None:
        findings.finds_names("I-99", "a clock stands")(lambda: map(str, range(5000)))

        assert len(findings.find(AT)) == 1001
