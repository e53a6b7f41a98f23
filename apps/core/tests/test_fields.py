import base64
import copy
import logging
import pickle  # noqa: TID251

import pytest
from cryptography.exceptions import InvalidTag
from pytest_django import Settings

from apps.core.fields import Sealed, SealedField, UnknownKey
from apps.core.ids import uuid7
from apps.core.tests.samples import Parcel, Shelf, create_tables

SECRET = {"token": "shpat_0123456789", "scopes": ["orders"]}
AAD = "accounts_store:1"


def key(letter: bytes) -> str:
    return base64.b64encode(letter * 32).decode()


class SealedTest:
    def test_opens_what_it_sealed(self) -> None:
        assert Sealed.seal(SECRET, AAD).open(AAD) == SECRET

    def test_two_seals_of_one_value_differ(self) -> None:
        assert Sealed.seal(SECRET, AAD) != Sealed.seal(SECRET, AAD)

    def test_a_copied_ciphertext_does_not_open_in_another_row(self) -> None:
        with pytest.raises(InvalidTag):
            Sealed.seal(SECRET, AAD).open("accounts_store:2")

    def test_a_changed_ciphertext_does_not_open(self) -> None:
        kid, _, body = Sealed.seal(SECRET, AAD).text.partition(".")
        raw = bytearray(base64.b64decode(body))
        raw[-1] ^= 1
        with pytest.raises(InvalidTag):
            Sealed(f"{kid}.{base64.b64encode(raw).decode()}").open(AAD)

    @pytest.mark.parametrize("show", [repr, str, "{}".format, "{0!r}".format])
    def test_prints_neither_plaintext_nor_ciphertext(self, show: object) -> None:
        assert callable(show)
        assert show(Sealed.seal(SECRET, AAD)) == "<sealed>"

    def test_pickles_and_copies_as_ciphertext(self) -> None:
        sealed = Sealed.seal(SECRET, AAD)
        dumped = pickle.dumps(sealed)
        assert b"shpat" not in dumped
        assert pickle.loads(dumped).open(AAD) == SECRET  # noqa: S301
        assert copy.deepcopy(sealed).open(AAD) == SECRET

    def test_is_not_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        logging.getLogger(__name__).warning("have %s", Sealed.seal(SECRET, AAD))
        assert caplog.messages == ["have <sealed>"]

    def test_an_older_key_still_opens_and_the_first_key_seals(self, settings: Settings) -> None:
        settings.FIELD_KEYS = f"k1:{key(b'a')}"
        old = Sealed.seal(SECRET, AAD)
        settings.FIELD_KEYS = f"k2:{key(b'b')},k1:{key(b'a')}"
        assert old.open(AAD) == SECRET
        assert Sealed.seal(SECRET, AAD).text.startswith("k2.")

    def test_a_key_that_is_gone(self, settings: Settings) -> None:
        settings.FIELD_KEYS = f"k1:{key(b'a')}"
        sealed = Sealed.seal(SECRET, AAD)
        settings.FIELD_KEYS = f"k2:{key(b'b')}"
        with pytest.raises(UnknownKey, match="k1"):
            sealed.open(AAD)


class SealedFieldTest:
    def test_comes_back_sealed_from_the_database(self, db: None) -> None:
        create_tables(Shelf, Parcel)
        row = Parcel(merchant=uuid7(), secret=Sealed.seal(SECRET, AAD))
        row.save()
        found = Parcel._base_manager.get(pk=row.pk)
        assert isinstance(found.secret, Sealed)
        assert found.secret.open(AAD) == SECRET

    def test_empty_stays_empty(self, db: None) -> None:
        create_tables(Shelf, Parcel)
        row = Parcel(merchant=uuid7())
        row.save()
        assert Parcel._base_manager.get(pk=row.pk).secret is None

    def test_refuses_plaintext(self) -> None:
        with pytest.raises(TypeError, match="seal the value first"):
            SealedField().get_prep_value("s3cret")

    def test_reads_text_as_ciphertext(self) -> None:
        assert SealedField().to_python("k1.abc") == Sealed("k1.abc")
        assert SealedField().to_python(Sealed("k1.abc")) == Sealed("k1.abc")
        assert SealedField().to_python(None) is None
