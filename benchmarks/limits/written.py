"""The tables that opening a return writes: quote, return, its lines, the event."""

from django.db import models
from django.utils.timezone import now  # noqa: TID251 - nothing of the product is used here

from benchmarks.limits.models import Line, Order, Table


class Quote(Table):
    store_id = models.UUIDField()
    order = models.ForeignKey(Order, models.DO_NOTHING)
    order_version = models.IntegerField(default=1)
    policy_version = models.IntegerField(default=0)
    currency = models.TextField()
    request = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    options = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "orders_quote"

    def __str__(self) -> str:
        return str(self.pk)


class Return(Table):
    store_id = models.UUIDField()
    order = models.ForeignKey(Order, models.DO_NOTHING)
    customer_id = models.UUIDField(null=True)
    number = models.TextField()
    type = models.TextField(default="refund")
    mode = models.TextField(default="standard")
    status = models.TextField(default="in_progress")
    filed_by = models.TextField(default="shopper")
    refund_method = models.TextField()
    return_method = models.JSONField(default=dict)
    currency = models.TextField()
    breakdown = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    net_minor = models.BigIntegerField()
    policy_version = models.IntegerField(default=0)
    requested_at = models.DateTimeField(default=now)
    opened_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    reject_reason = models.TextField(default="")
    notes = models.JSONField(default=list)
    external_id = models.TextField(default="")
    due_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    needs_approval = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "orders_return"

    def __str__(self) -> str:
        return self.number


class ReturnLine(Table):
    ret = models.ForeignKey(Return, models.DO_NOTHING, related_name="lines")
    line_item = models.ForeignKey(Line, models.DO_NOTHING)
    quantity = models.IntegerField()
    wish = models.TextField(default="refund")
    comment = models.TextField(default="")
    images = models.JSONField(default=list)
    reception = models.TextField(default="")
    decision = models.TextField(default="")
    reject_reason = models.TextField(default="")
    disposition = models.TextField(default="")
    grade = models.TextField(default="")
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    waives_fees = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "orders_returnlineitem"

    def __str__(self) -> str:
        return str(self.pk)


class Event(models.Model):
    id = models.UUIDField(primary_key=True)
    merchant_id = models.UUIDField()
    subject_type = models.TextField()
    subject_id = models.UUIDField()
    sequence = models.IntegerField(default=1)
    kind = models.TextField()
    payload = models.JSONField(default=dict)
    actor_kind = models.TextField(default="shopper")
    actor_id = models.TextField(default="")
    at = models.DateTimeField(default=now)
    announced_at = models.DateTimeField(default=now)
    attempts = models.IntegerField(default=0)
    available_at = models.DateTimeField(default=now)

    class Meta:
        managed = False
        db_table = "events_event"

    def __str__(self) -> str:
        return self.kind
