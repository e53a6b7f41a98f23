import json
from decimal import Decimal
from typing import Any

import pytest

from apps.api.common import strict_json


def code_of(raw: bytes) -> str:
    with pytest.raises(strict_json.Refused) as refused:
        strict_json.loads(raw)
    return refused.value.code


class StrictJsonTest:
    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"[" * 10_000 + b"]" * 10_000, "json_too_deep"),
            (b"[" * 130_000, "json_too_deep"),
            (b"[" * 65 + b"]" * 65, "json_too_deep"),
            (b'{"a":' * 65 + b"1" + b"}" * 65, "json_too_deep"),
            (b"[" * 66 + b'"' + b"\\" * 250_000, "json_too_deep"),
            (b'["' + b'\\"' * 100_000, "malformed_json"),
            (b'{"a": 1, "a": 2}', "duplicate_key"),
            (b'{"x": {"a": 1, "\\u0061": 2}}', "duplicate_key"),
            (b"[NaN]", "malformed_json"),
            (b"-Infinity", "malformed_json"),
            (b"1e999", "number_too_large"),
            (b"1e-999", "number_too_large"),
            (b"1e99999999999999999999999", "number_too_large"),
            (b"0." + b"1" * 60, "number_too_large"),
            (b"9" * 5_000, "number_too_large"),
            (b"9007199254740993", "number_too_large"),
            (b'"\\u0000"', "invalid_character"),
            (b'{"\\u0000": 1}', "invalid_character"),
            (b'["\\ud800"]', "invalid_character"),
            (b'["\\uDFFF\\uD800"]', "invalid_character"),
            (b'"\x00"', "malformed_json"),
            (b"\xff\xfe", "invalid_encoding"),
            (b'"\xed\xa0\x80"', "invalid_encoding"),
            (b"\xef\xbb\xbf{}", "malformed_json"),
            ('{"a": 1}'.encode("utf-16"), "invalid_encoding"),
            (b"", "malformed_json"),
            (b"{} {}", "malformed_json"),
            (b"{'a': 1}", "malformed_json"),
            (b"[" + b"0," * 10_000 + b"0]", "json_too_large"),
            (json.dumps({f"k{n}": n for n in range(10_001)}).encode(), "json_too_large"),
        ],
    )
    def test_refuses(self, raw: bytes, code: str) -> None:
        assert code_of(raw) == code

    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            (b'{"a": [1, "x", null, true]}', {"a": [1, "x", None, True]}),
            (b"-9007199254740992", -(2**53)),
            (b"12.50", Decimal("12.50")),
            (b'["\\ud83d\\ude00"]', ["\N{GRINNING FACE}"]),
            (b'["\\\\u0000"]', ["\\u0000"]),
            (b'"' + b"[{" * 100 + b'"', "[{" * 100),
        ],
    )
    def test_takes(self, raw: bytes, value: Any) -> None:
        assert strict_json.loads(raw) == value

    def test_takes_depth_and_width_up_to_the_limits(self) -> None:
        deep = b"[" * 64 + b"]" * 64
        shallow_but_many = b"[" + b",".join([b"[]"] * 100) + b"]"
        commas_in_text = b'"' + b"," * 20_000 + b'"'

        assert strict_json.loads(deep)
        assert strict_json.loads(shallow_but_many) == [[]] * 100
        assert len(strict_json.loads(commas_in_text)) == 20_000
        assert len(strict_json.loads(b"[" + b"0," * 9_998 + b"0]")) == 9_999
