"""The model: every act of the product once more, as a person with a pencil would book it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from faults.machine.arithmetic import Terms
from faults.machine.nouns import Order, Parcel, Return, Unit
from faults.machine.purse import Purse

LABEL_DAYS = timedelta(days=28)


@dataclass
class Model(Purse):
    terms: Terms = field(default_factory=Terms)
    auto_approve: bool = True
    orders: list[Order] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)

    def ret(self, ret_id: UUID) -> Return:
        return next(ret for ret in self.returns if ret.id == ret_id)

    # Returns

    def cancel(self, ret: Return) -> None:
        assert ret.status in ("requested", "in_progress", "shipped")
        assert all(unit.decision != "accepted" for unit in ret.units)
        for unit in ret.units:
            if unit.is_open:
                unit.reception = "cancelled"
                self._free(ret, unit)
        ret.status = "cancelled"

    def refuse(self, ret: Return) -> None:
        assert ret.status == "requested"
        for unit in ret.units:
            unit.decision = "rejected"
            self._free(ret, unit)
        ret.status = "rejected"

    def approve(self, ret: Return, at: datetime) -> None:
        assert ret.status == "requested"
        ret.status, ret.opened_at = "in_progress", at
        if ret.expires_at:
            ret.expires_at += at - ret.requested_at

    def ship(self, ret: Return) -> None:
        if ret.status == "in_progress":
            ret.status = "shipped"

    def receive(self, ret: Return) -> None:
        if ret.received or ret.is_final:
            return
        assert ret.status != "requested"
        if ret.status != "for_review":
            ret.status = "received"
        ret.received = True
        for unit in ret.units:
            if unit.reception == "awaiting":
                unit.reception = "received"

    def decide(self, ret: Return, unit: Unit, quantity: int, outcome: str) -> None:
        assert ret.status in ("in_progress", "shipped", "received", "for_review")
        assert unit.is_open
        assert 1 <= quantity <= unit.quantity
        part = unit
        if quantity < unit.quantity:
            unit.quantity -= quantity
            part = Unit(unit.line, quantity, reception=unit.reception, decision=unit.decision)
            ret.units.append(part)
        if outcome == "missing":
            part.reception, part.decision = "missing", "rejected"
        else:
            assert (part.decision, outcome) != ("for_review", "for_review")
            part.decision = outcome
        if part.decision == "rejected":
            self._free(ret, part)

    def conclude(self, ret: Return) -> None:
        """After the decisions of one call."""
        decided = {unit.decision for unit in ret.units}
        if "for_review" in decided:
            ret.status = "for_review"
        elif "pending" not in decided:
            whole = {"accepted": {"accepted"}, "rejected": {"rejected"}}
            found = [status for status, only in whole.items() if decided == only]
            ret.status = found[0] if found else "partly_accepted"

    def lapse(self, at: datetime) -> None:
        for ret in self.returns:
            over = ret.expires_at is not None and at >= ret.expires_at
            accepted = any(unit.decision == "accepted" for unit in ret.units)
            if ret.status == "in_progress" and over and not accepted:
                self.cancel(ret)

    def _free(self, ret: Return, unit: Unit) -> None:
        line = ret.order.till.lines[unit.line]
        line.returned -= unit.quantity
        assert line.returned >= line.settled >= 0

    # Parcels

    def prepare(self, ret: Return, at: datetime) -> None:
        if ret.parcel is None and ret.travels and ret.status == "in_progress":
            ret.parcel = Parcel()
        if ret.parcel and ret.parcel.status in ("pending", "label_failed"):
            self.label(ret, at)

    def label(self, ret: Return, at: datetime) -> None:
        """A label where the parcel has none; nothing once the return is not in progress."""
        parcel = ret.parcel
        if parcel is None or ret.status != "in_progress" or parcel.left:
            return
        if not parcel.labels["ready"]:
            assert parcel.labels.total() < 2
            parcel.labels["ready"] += 1
            parcel.status, parcel.expires_at = "label_ready", at + LABEL_DAYS

    def void(self, ret: Return) -> None:
        parcel = ret.parcel
        if parcel and parcel.status in ("pending", "label_ready", "label_failed", "expired"):
            parcel.status = "voided"
            self._end_labels(parcel, "voided")

    def run_out(self, at: datetime) -> None:
        for ret in self.returns:
            parcel = ret.parcel
            over = parcel and parcel.expires_at and at >= parcel.expires_at
            if parcel and over and parcel.status == "label_ready":
                parcel.status = "expired"
                self._end_labels(parcel, "expired")

    def scan(self, ret: Return, kind: str, at: datetime) -> None:
        parcel = ret.parcel
        assert parcel is not None
        if not parcel.left:
            parcel.left = True
            self._end_labels(parcel, "used")
            self.ship(ret)
        if kind == "delivered":
            if parcel.status != "delivered":
                parcel.status = "delivered"
                if ret.status in ("in_progress", "shipped"):
                    self.receive(ret)
        elif (parcel.last_scan is None or at > parcel.last_scan) and parcel.status != "delivered":
            parcel.status = kind
        parcel.last_scan = max(at, parcel.last_scan or at)

    def _end_labels(self, parcel: Parcel, status: str) -> None:
        parcel.labels[status] += parcel.labels.pop("ready", 0)
