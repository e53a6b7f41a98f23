from apps.events.admin.reconciliation import ReconciliationItemAdmin, ReconciliationRunAdmin
from apps.events.admin.rows import EventAdmin, InboxMessageAdmin, JobRunAdmin

__all__ = [
    "EventAdmin",
    "InboxMessageAdmin",
    "JobRunAdmin",
    "ReconciliationItemAdmin",
    "ReconciliationRunAdmin",
]
