"""What deliveries announce after commit; receivers get `event`, the Event row."""

from apps.deliveries import choices
from apps.events.signals.signals import EventSignal

label_ready = EventSignal(choices.Event.LABEL_READY)
label_failed = EventSignal(choices.Event.LABEL_FAILED)
label_voided = EventSignal(choices.Event.LABEL_VOIDED)
label_expired = EventSignal(choices.Event.LABEL_EXPIRED)
shipment_handed_in = EventSignal(choices.Event.SHIPMENT_HANDED_IN)
shipment_numbered = EventSignal(choices.Event.SHIPMENT_NUMBERED)
shipment_in_transit = EventSignal(choices.Event.SHIPMENT_IN_TRANSIT)
shipment_out_for_delivery = EventSignal(choices.Event.SHIPMENT_OUT_FOR_DELIVERY)
shipment_delivered = EventSignal(choices.Event.SHIPMENT_DELIVERED)
shipment_exception = EventSignal(choices.Event.SHIPMENT_EXCEPTION)
shipment_lost = EventSignal(choices.Event.SHIPMENT_LOST)
shipment_returned_to_sender = EventSignal(choices.Event.SHIPMENT_RETURNED_TO_SENDER)
