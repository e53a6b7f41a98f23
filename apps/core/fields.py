"""A JSON value sealed with AES-256-GCM; it stays sealed in memory until `.open(aad)`."""

import base64
import json
import os
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class UnknownKey(Exception):
    """The value was sealed under a key that FIELD_KEYS no longer holds."""


def _keys() -> dict[str, bytes]:
    pairs = (part.split(":", 1) for part in settings.FIELD_KEYS.split(",") if part)
    return {kid: base64.b64decode(key) for kid, key in pairs}


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """`kid.base64(nonce + ciphertext)`; prints, pickles and caches as ciphertext only."""

    text: str

    @classmethod
    def seal(cls, value: Any, aad: str) -> Self:
        kid, key = next(iter(_keys().items()))
        nonce = os.urandom(12)
        body = AESGCM(key).encrypt(nonce, json.dumps(value).encode(), aad.encode())
        return cls(f"{kid}.{base64.b64encode(nonce + body).decode()}")

    def open(self, aad: str) -> Any:
        """`aad` is `table:pk`: a copied ciphertext does not open elsewhere (InvalidTag)."""
        kid, _, body = self.text.partition(".")
        try:
            key = _keys()[kid]
        except KeyError:
            raise UnknownKey(kid) from None
        raw = base64.b64decode(body)
        return json.loads(AESGCM(key).decrypt(raw[:12], raw[12:], aad.encode()))

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class SealedField(models.TextField[Sealed | None, Sealed | None]):
    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Sealed | None:
        return value if value is None or isinstance(value, Sealed) else Sealed(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("seal the value first: Sealed.seal(value, aad)")
        return value.text
