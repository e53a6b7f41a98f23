"""What is told of the traffic with shops; receivers get `event`, the Event row."""

from apps.events.signals.signals import EventSignal
from apps.integrations import choices

sync_started = EventSignal(choices.Event.SYNC_STARTED)
sync_done = EventSignal(choices.Event.SYNC_DONE)
sync_failed = EventSignal(choices.Event.SYNC_FAILED)
sync_stopped = EventSignal(choices.Event.SYNC_STOPPED)
sync_set_back = EventSignal(choices.Event.SYNC_SET_BACK)
action_done = EventSignal(choices.Event.ACTION_DONE)
action_failed = EventSignal(choices.Event.ACTION_FAILED)
action_parked = EventSignal(choices.Event.ACTION_PARKED)
webhooks_restored = EventSignal(choices.Event.WEBHOOKS_RESTORED)
