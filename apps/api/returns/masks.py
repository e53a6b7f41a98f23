"""Personal data as a visitor sees it who typed an order number and an e-mail (C-11)."""

from collections.abc import Mapping
from typing import Any

ADDRESS = ("name", "street", "street2", "postcode", "city", "region", "country")


def word(text: str) -> str:
    return f"{text[0]}***" if text else ""


def name(text: str) -> str:
    return " ".join(word(part) for part in text.split()[:3])


def email(text: str) -> str:
    local, at, host = text.partition("@")
    return f"{word(local)}{at}{word(host)}"


def address(stored: Mapping[str, Any], *, proved: bool) -> dict[str, str]:
    """The country stays: prices hang on it; of the postcode its first two characters."""
    shown = {key: str(stored.get(key) or "") for key in ADDRESS}
    if proved:
        return shown
    hidden = {key: name(shown[key]) for key in ("name", "street", "street2", "city", "region")}
    postcode = shown["postcode"]
    return {**shown, **hidden, "postcode": f"{postcode[:2]}***" if postcode else ""}
