import hashlib


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
