"""Shipments, their labels and scans, by account; kept by what the journal says."""

import threading
from datetime import UTC, datetime
from typing import Any

from fakes.psp.clock import Clock
from fakes.psp.journal import Journal
from fakes.psp.refusals import Refusal

type Row = dict[str, Any]
RATES = (("Correos", "PaqRetorno", "4.95"), ("UPS", "Standard", "6.20"))
# A country that no carrier goes to.
NOWHERE = "AQ"


class Book:
    def __init__(self, clock: Clock, journal: Journal) -> None:
        self.clock, self.journal = clock, journal
        self.lock = threading.RLock()
        self.shipments: dict[str, dict[str, Row]] = {}
        for line in journal.of("shipment", "effect"):
            self._put(line["account"], line["body"])

    def create(self, account: str, asked: Row) -> Row:
        """Raises Refusal where an address or the parcel lacks what every carrier wants."""
        for name in ("to_address", "from_address"):
            if not asked.get(name, {}).get("zip") or not asked[name].get("country"):
                raise unprocessable("ADDRESS.VERIFY.FAILURE", f"{name} is incomplete")
        if not float(asked.get("parcel", {}).get("weight") or 0) > 0:
            raise unprocessable("PARCEL.INVALID_PARAMS", "weight must be positive")
        served = asked["to_address"]["country"] != NOWHERE
        row = {
            "id": f"shp_{self.clock.number():032x}",
            "object": "Shipment",
            "reference": asked.get("reference"),
            "is_return": asked.get("is_return", False),
            "rates": [self._rate(*each) for each in RATES] if served else [],
            "messages": [] if served else [{"carrier": "Correos", "message": "not served"}],
            "postage_label": None,
            "tracking_code": None,
            "tracker": None,
            "refund_status": None,
        }
        with self.lock:
            self._put(account, row)
            self.journal.write("shipment", account=account, body=row)
        return row

    def find(self, account: str, name: str) -> Row:
        """By its id or its reference: the first that was made under it."""
        rows = self.shipments.get(account, {})
        for row in rows.values():
            if name in (row["id"], row["reference"]):
                return row
        raise Refusal(404, "NOT_FOUND", "The requested resource could not be found.")

    def buy(self, account: str, id: str, rate: str, address: str) -> Row:  # noqa: A002
        with self.lock:
            row = self.find(account, id)
            if row["postage_label"]:
                raise unprocessable("SHIPMENT.POSTAGE.EXISTS", "Postage already exists")
            chosen = [each for each in row["rates"] if each["id"] == rate]
            if not chosen:
                raise unprocessable("SHIPMENT.INVALID_PARAMS", "no such rate")
            code = f"EZ{self.clock.number():018d}"
            bought = {
                **row,
                "selected_rate": chosen[0],
                "tracking_code": code,
                "postage_label": {"label_url": f"{address}/labels/{row['id']}.pdf"},
                "tracker": {"public_url": f"https://track.easypost.com/{code}"},
            }
            return self._effect("label.bought", account, bought)

    def refund(self, account: str, id: str) -> Row:  # noqa: A002
        """Refused once somebody scanned the parcel, and where there is no postage."""
        with self.lock:
            row = self.find(account, id)
            if not row["postage_label"] or row["refund_status"]:
                raise unprocessable("SHIPMENT.REFUND.UNAVAILABLE", "nothing to refund")
            scanned = bool(self.scans_of(row["tracking_code"]))
            status = "rejected" if scanned else "submitted"
            return self._effect(f"label.{status}", account, {**row, "refund_status": status})

    def scan(self, code: str, status: str, city: str, at: float | None = None) -> tuple[str, Row]:
        """Whose it is, and the tracker as it stands after the scan."""
        with self.lock:
            account, row = self._by_code(code)
            when = datetime.fromtimestamp(self.clock.now() if at is None else at, UTC)
            detail = {
                "object": "TrackingDetail",
                "status": status,
                "message": f"{status} in {city}",
                "datetime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "carrier_code": status[:4].upper(),
                "tracking_location": {"city": city, "country": "ES"},
            }
            self.journal.write("scan", account=account, code=code, detail=detail)
            return account, self.tracker(row)

    def tracker(self, row: Row) -> Row:
        details = self.scans_of(row["tracking_code"])
        newest = max(details, key=lambda detail: detail["datetime"], default=None)
        return {
            "id": f"trk_{row['id'][4:]}",
            "object": "Tracker",
            "tracking_code": row["tracking_code"],
            "shipment_id": row["id"],
            "status": newest["status"] if newest else "pre_transit",
            "tracking_details": details,
        }

    def trackers(self, account: str, code: str) -> list[Row]:
        rows = self.shipments.get(account, {}).values()
        return [self.tracker(row) for row in rows if code and row["tracking_code"] == code]

    def scans_of(self, code: str) -> list[Row]:
        return [line["detail"] for line in self.journal.of("scan") if line["code"] == code]

    def _by_code(self, code: str) -> tuple[str, Row]:
        for account, rows in self.shipments.items():
            for row in rows.values():
                if row["tracking_code"] == code:
                    return account, row
        raise KeyError(code)

    def _effect(self, effect: str, account: str, row: Row) -> Row:
        self._put(account, row)
        self.journal.write(
            "effect", effect=effect, account=account, reference=row["reference"], body=row
        )
        return row

    def _put(self, account: str, row: Row) -> None:
        self.shipments.setdefault(account, {})[row["id"]] = row

    def _rate(self, carrier: str, service: str, price: str) -> Row:
        facts = {"carrier": carrier, "service": service, "rate": price, "currency": "EUR"}
        return {"id": f"rate_{self.clock.number():032x}", **facts}


def unprocessable(code: str, message: str) -> Refusal:
    return Refusal(422, code, message)
