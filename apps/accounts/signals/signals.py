"""What accounts announce after commit; receivers get `event`, the Event row."""

from apps.accounts import choices
from apps.events.signals.signals import EventSignal

store_connected = EventSignal(choices.Event.STORE_CONNECTED)
