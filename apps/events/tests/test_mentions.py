from typing import Any

import pytest

from apps.core import mentions
from apps.core.mentions import mentioning
from apps.events.models import InboxMessage
from apps.events.tests.factories import InboxMessageFactory

NAMES = ("ana.gil+shop@x.example", "Ñandú O'Ña", "x")


@pytest.mark.django_db
class MentionsTest:
    def found(self, *names: str) -> set[str]:
        keys = mentioning(InboxMessage.objects.all(), "body", names)
        rows = InboxMessage.objects.filter(pk__in=keys)
        return set(rows.values_list("event_id", flat=True))

    def test_however_it_is_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mentions, "AT_ONCE", 2)
        bodies: dict[str, Any] = {
            "plain": b'{"email": "ANA.gil+shop@x.example"}',
            "form": b"email=ana.gil%2bshop%40x.example",
            "utf-8": "Ñandú O'Ña".encode(),
            "json": b'{"name": "\\u00d1and\\u00fa O\'\\u00d1a"}',
            "broken": b"\x00\xff ana.gil+shop@x.example \\",
            "another": b'{"email": "ana.gil@x.example", "x": 1}',
        }
        for name, body in bodies.items():
            InboxMessageFactory.create(event_id=name, body=body)

        assert self.found(NAMES[0]) == {"plain", "form", "broken"}
        assert self.found(NAMES[1]) == {"utf-8", "json"}
        assert self.found(*NAMES) == bodies.keys() - {"another"}

    def test_what_is_too_short_names_nobody(self) -> None:
        InboxMessageFactory.create(body=b"xxxxx")

        assert self.found("x", "xxxxx") == self.found() == set()
