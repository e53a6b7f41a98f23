"""Staff of the merchant in the dashboard: they log in with two factors, decide and pay out."""

import base64
import hashlib
import hmac
import struct
import time

from scripts.demo.client import Host, Json, Refused, new_key

HALF_MINUTE = 30
UNPAID = ("pending", "processing", "unknown")


class Staff:
    def __init__(self, email: str, password: str, totp: str) -> None:
        self.email = email
        self.desk = Host("merchants-api")
        self._log_in(password, totp)

    def _log_in(self, password: str, totp: str) -> None:
        """The password answers 401 and asks for the second factor, which opens the session."""
        try:
            self.desk.post("/v1/auth/login", {"email": self.email, "password": password})
        except Refused as pending:
            self.desk.headers["X-Session-Token"] = pending.body["meta"]["session_token"]
        session = self._prove(totp)
        self.desk.headers["X-Session-Token"] = session["meta"]["session_token"]

    def _prove(self, totp: str) -> Json:
        """A code opens one session: who logs in again within the half minute waits for the next."""
        code = {"code": code_of(totp)}
        try:
            return self.desk.post("/v1/auth/2fa/authenticate", code)
        except Refused as refusal:
            if "incorrect_code" not in str(refusal.body):
                raise
        time.sleep(HALF_MINUTE - time.time() % HALF_MINUTE)  # noqa: TID251
        return self.desk.post("/v1/auth/2fa/authenticate", {"code": code_of(totp)})

    def find_return(self, number: str) -> Json:
        found = self.desk.get(f"/v1/returns?q={number}")["data"]
        return self.desk.get(f"/v1/returns/{found[0]['id']}")

    def receive(self, ret: Json) -> Json:
        return self.desk.post(f"/v1/returns/{ret['id']}/receive", key=new_key())

    def decide(self, ret: Json, units: list[Json], key: str) -> Json:
        return self.desk.post(f"/v1/returns/{ret['id']}/decisions", {"units": units}, key=key)

    def refunds_of(self, number: str) -> list[Json]:
        found: list[Json] = self.desk.get(f"/v1/refunds?return_number={number}")["data"]
        return found

    def unpaid_refunds(self) -> list[Json]:
        """The newest hundred of each kind."""
        found: list[Json] = []
        for status in UNPAID:
            found += self.desk.get(f"/v1/refunds?status={status}&limit=100")["data"]
        return found

    def confirm_refund(self, refund: Json, reference: str) -> Json:
        body = {"reference": reference}
        return self.desk.post(f"/v1/refunds/{refund['id']}/confirm", body, key=new_key())

    def running_bill(self) -> Json:
        return self.desk.get("/v1/billing/current")

    def merchant_slug(self) -> str:
        slug: str = self.desk.get("/v1/me")["merchant"]["slug"]
        return slug

    def invoice(self, code: str) -> Json:
        found = self.desk.get("/v1/billing/invoices")["data"]
        mine = next(each for each in found if each["number"] == code)
        return self.desk.get(f"/v1/billing/invoices/{mine['id']}")

    def invoice_pdf(self, invoice: Json) -> bytes:
        return self.desk.call("GET", f"/v1/billing/invoices/{invoice['id']}/pdf")[1]

    def open_payouts(self) -> Json:
        return self.desk.post("/v1/payouts", {"currency": "EUR"}, key=new_key())

    def approve_payout(self, batch: Json) -> Json:
        return self.desk.post(f"/v1/payouts/{batch['id']}/approve", key=new_key())

    def payout_file(self, batch: Json) -> bytes:
        return self.desk.call("GET", f"/v1/payouts/{batch['id']}/file")[1]

    def settle_payout(self, batch: Json) -> Json:
        return self.desk.post(f"/v1/payouts/{batch['id']}/settle", key=new_key())

    def books(self) -> list[Json]:
        accounts: list[Json] = self.desk.get("/v1/ledger/accounts")["data"]
        return accounts

    def exceptions(self) -> list[Json]:
        found: list[Json] = self.desk.get("/v1/ledger/exceptions")["findings"]
        return found


def code_of(secret: str) -> str:
    """RFC 6238: six digits for the half minute that it is."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = int(time.time()) // HALF_MINUTE  # noqa: TID251
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
