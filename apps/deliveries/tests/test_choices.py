"""Every arrow of domain.md drawn again by hand."""

from apps.deliveries import choices

MOVING = {
    "in_transit",
    "out_for_delivery",
    "delivered",
    "exception",
    "lost",
    "returned_to_sender",
}
SHIPMENT = {
    "pending": {"label_ready", "label_failed", "voided", *MOVING},
    "label_failed": {"label_ready", "voided", *MOVING},
    "label_ready": {"pending", "voided", "expired", *MOVING},
    "voided": {"label_ready", "label_failed", *MOVING},
    "expired": {"label_ready", "label_failed", "voided", *MOVING},
    "in_transit": MOVING - {"in_transit"},
    "out_for_delivery": MOVING - {"out_for_delivery"},
    "exception": MOVING - {"exception"},
    "lost": MOVING - {"lost", "exception"},
}
LABEL = {
    "asked": {"ready", "failed", "voided"},
    "failed": {"asked", "voided"},
    "ready": {"used", "voided", "expired"},
}


class TransitionsTest:
    def test_shipment(self) -> None:
        assert {k: set(v) for k, v in choices.Shipment.TRANSITIONS.items()} == SHIPMENT

    def test_label(self) -> None:
        assert {k: set(v) for k, v in choices.Label.TRANSITIONS.items()} == LABEL

    def test_every_moving_status_has_its_event(self) -> None:
        assert set(choices.Shipment.EVENTS) == MOVING

    def test_scans_that_move_a_shipment_know_whether_a_hand_held_it(self) -> None:
        silent = {"label_made", "delayed", "cancelled", "unknown"}
        assert set(choices.Tracking.Kind.values) - set(choices.Tracking.STATUS_OF) == silent
        assert silent.isdisjoint(choices.Tracking.PHYSICAL)
        assert {"on_hold", "lost"}.isdisjoint(choices.Tracking.PHYSICAL)
