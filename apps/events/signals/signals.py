"""The custom signal type: one EventSignal per kind of event, found by its kind."""

from typing import ClassVar

from django.dispatch import Signal


class EventSignal(Signal):
    """Receivers get `event` (the Event row) and may hear it twice."""

    by_kind: ClassVar[dict[str, "EventSignal"]] = {}

    def __init__(self, kind: str) -> None:
        super().__init__()
        if kind in self.by_kind:
            raise ValueError(f"{kind} has a signal already")
        self.kind = kind
        self.by_kind[kind] = self
