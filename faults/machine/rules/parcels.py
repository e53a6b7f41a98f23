"""Labels and scans, in any order and more than once."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.deliveries import services
from apps.deliveries.dtos import TrackingUpdate
from apps.deliveries.models import Shipment
from faults.machine.nouns import Return
from faults.machine.play import HOW, MINUTE, NUMBER, How, Play, pick


class ParcelRules(Play):
    @rule(
        number=NUMBER,
        kind=st.sampled_from(["in_transit", "in_transit", "delivered"]),
        late=st.sampled_from([0, 0, 90]),
        how=HOW,
    )
    @precondition(lambda self: self.parcels())
    def scan(self, number: int, kind: str, late: int, how: How) -> None:
        """Told late, it does not overwrite what a newer scan said."""
        ret = pick(self.parcels(), number)
        at = self.at - late * MINUTE
        update = TrackingUpdate(f"scan-{self.next()}", kind, at)
        self.act(
            lambda: self._shipment(ret).track(update),
            lambda: self.model.scan(ret, kind, at),
            how,
            legal=True,
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.parcels())
    def void_labels(self, number: int, how: How) -> None:
        ret = pick(self.parcels(), number)
        assert ret.parcel is not None
        moved = ret.parcel.left
        self.act(
            lambda: services.void_labels(self._shipment(ret), self.at),
            lambda: self.model.void(ret),
            how,
            legal=not moved,
        )

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: self.parcels())
    def buy_another_label(self, number: int, how: How) -> None:
        """The one it has is voided first; two for each parcel at most."""
        ret = pick(self.parcels(), number)
        parcel = ret.parcel
        assert parcel is not None

        def call() -> None:
            shipment = self._shipment(ret)
            services.remake_label(shipment.labels.order_by("-number")[0], self.at)

        def booked() -> None:
            parcel.labels["voided"] += parcel.labels.pop("ready", 0)
            parcel.status = "pending"
            self.model.label(ret, self.at)

        free = parcel.labels.total() < 2 and not parcel.left
        legal = free and (ret.status == "in_progress")
        self.act(call, booked, how, legal=legal)

    def parcels(self) -> list[Return]:
        return [ret for ret in self.model.returns if ret.parcel]

    def _shipment(self, ret: Return) -> Shipment:
        return Shipment.objects.select_related("ret__order").get(ret_id=ret.id)
