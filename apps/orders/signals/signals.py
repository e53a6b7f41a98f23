"""What orders and returns announce after commit; receivers get `event`, the Event row."""

from apps.events.signals.signals import EventSignal
from apps.orders import choices

order_imported = EventSignal(choices.Event.ORDER_IMPORTED)
order_updated = EventSignal(choices.Event.ORDER_UPDATED)
return_requested = EventSignal(choices.Event.RETURN_REQUESTED)
return_opened = EventSignal(choices.Event.RETURN_OPENED)
return_approved = EventSignal(choices.Event.RETURN_APPROVED)
return_shipped = EventSignal(choices.Event.RETURN_SHIPPED)
return_received = EventSignal(choices.Event.RETURN_RECEIVED)
return_for_review = EventSignal(choices.Event.RETURN_FOR_REVIEW)
return_unit_decided = EventSignal(choices.Event.RETURN_UNIT_DECIDED)
return_accepted = EventSignal(choices.Event.RETURN_ACCEPTED)
return_partly_accepted = EventSignal(choices.Event.RETURN_PARTLY_ACCEPTED)
return_rejected = EventSignal(choices.Event.RETURN_REJECTED)
return_cancelled = EventSignal(choices.Event.RETURN_CANCELLED)
return_refund_method_changed = EventSignal(choices.Event.RETURN_REFUND_METHOD_CHANGED)
return_noted = EventSignal(choices.Event.RETURN_NOTED)
return_reminded = EventSignal(choices.Event.RETURN_REMINDED)
exchange_requested = EventSignal(choices.Event.EXCHANGE_REQUESTED)
exchange_reserved = EventSignal(choices.Event.EXCHANGE_RESERVED)
exchange_out_of_stock = EventSignal(choices.Event.EXCHANGE_OUT_OF_STOCK)
exchange_replaced = EventSignal(choices.Event.EXCHANGE_REPLACED)
exchange_ordered = EventSignal(choices.Event.EXCHANGE_ORDERED)
exchange_fulfilled = EventSignal(choices.Event.EXCHANGE_FULFILLED)
exchange_cancelled = EventSignal(choices.Event.EXCHANGE_CANCELLED)
stock_restocked = EventSignal(choices.Event.STOCK_RESTOCKED)
