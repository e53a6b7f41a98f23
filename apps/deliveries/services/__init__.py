from apps.deliveries.services.labels import (
    NoLabelWanted,
    NotALabel,
    attach_label,
    expire_labels,
    is_local,
    label_of,
    labels_of,
    make_labels,
    prepare_return,
    release_return,
    remake_label,
    returns_left_without_label,
    void_labels,
)
from apps.deliveries.services.shipments import enter_tracking, start_shipment

__all__ = [
    "NoLabelWanted",
    "NotALabel",
    "attach_label",
    "enter_tracking",
    "expire_labels",
    "is_local",
    "label_of",
    "labels_of",
    "make_labels",
    "prepare_return",
    "release_return",
    "remake_label",
    "returns_left_without_label",
    "start_shipment",
    "void_labels",
]
