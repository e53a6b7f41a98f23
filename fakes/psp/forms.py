"""Form bodies as Stripe reads them: `metadata[reference]=x` and `types[0]=refund.failed`."""

import re
from typing import Any
from urllib.parse import parse_qsl

PART = re.compile(r"[^\[\]]+")


def read(raw: str) -> dict[str, Any]:
    """Nested dicts; numbered and empty brackets give lists. Values stay text."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        parts = PART.findall(name)
        if name.endswith("[]"):
            parts.append(str(len(found.get(parts[0], {}))))
        here = found
        for part in parts[:-1]:
            here = here.setdefault(part, {})
        here[parts[-1]] = value
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, dict) and value and all(key.isdecimal() for key in value):
        return list(value.values())
    return value
