"""Marta in the portal: finds her order, proves it is hers, picks units, chooses how to be paid."""

import os
import re
from email import message_from_bytes, policy
from pathlib import Path

from scripts.demo.client import Host, Json, new_key
from scripts.demo.telling import wait_for

IBAN = "ES7921000813610123456789"
HOLDER = "Marta Ibáñez"


class Shopper:
    def __init__(self, store: str, number: str, email: str) -> None:
        self.base = f"/v1/stores/{store}"
        self.portal = Host("returns-api", {"Accept-Language": "en"})
        self.number, self.email = number, email

    def look_up(self) -> Json:
        body = {"order_number": self.number, "email": self.email}
        session = self.portal.post(f"{self.base}/lookups", body)
        self.portal.headers["Authorization"] = f"Bearer {session['token']}"
        return session

    def prove(self, token: str) -> str:
        """Asks for the code, reads it in the mail, and hands it in; the code."""
        known = set(_mails())
        proof = self.portal.post(f"{self.base}/proofs", {"token": token})
        code = wait_for("the code by mail", lambda: self._code(known))
        verified = self.portal.post(f"{self.base}/proofs/{proof['id']}/verify", {"code": code})
        self.portal.headers["Authorization"] = f"Bearer {verified['token']}"
        return code

    def order(self) -> Json:
        return self.portal.get(f"{self.base}/order")

    def methods(self) -> Json:
        return self.portal.get(f"{self.base}/return-methods")

    def quote(self, units: list[Json], method: str) -> Json:
        return self.portal.post(f"{self.base}/quotes", {"units": units, "method": method})

    def open_return(self, quote: str, refund_method: str, key: str = "") -> Json:
        body = {"quote": quote, "refund_method": refund_method}
        if refund_method == "bank_transfer":
            body |= {"iban": IBAN, "holder": HOLDER}
        return self.portal.post(f"{self.base}/returns", body, key=key or new_key())

    def take(self, quote: str, refund_method: str, consent: str) -> Json:
        """The offer of money before inspection, with consent to the words of its version."""
        body = {"quote": quote, "refund_method": refund_method, "consent_version": consent}
        return self.portal.post(f"{self.base}/returns", {**body, "instant": True}, key=new_key())

    def recoveries(self, number: str) -> list[Json]:
        found: list[Json] = self.portal.get(f"{self.base}/returns/{number}/recoveries")
        return found

    def ret(self, number: str) -> Json:
        return self.portal.get(f"{self.base}/returns/{number}")

    def label(self, number: str) -> bytes:
        return self.portal.call("GET", f"{self.base}/returns/{number}/label")[1]

    def track(self, number: str, tracking: str) -> None:
        body = {"number": tracking, "carrier": "Correos"}
        self.portal.post(f"{self.base}/returns/{number}/tracking", body)

    def _code(self, known: set[Path]) -> str | None:
        for path in sorted(set(_mails()) - known):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(preferencelist=("plain",))
            if self.email in str(mail["To"]) and body is not None:
                found = re.search(r"\b(\d{6})\b", body.get_content())
                return found[1] if found else None
        return None


def _mails() -> list[Path]:
    return list(Path(os.environ["MAIL_DIR"]).glob("*.eml"))
