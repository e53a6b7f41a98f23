"""Codes that a shopper types: 16 letters and figures, none of which looks like another."""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """80 random bits as XXXX-XXXX-XXXX-XXXX."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def code_hash(code: str) -> str:
    """The same for every way of typing it: case, blanks, dashes, O for 0, I and L for 1."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(LOOKS_LIKE)
    return hashlib.sha256(plain.encode()).hexdigest()
