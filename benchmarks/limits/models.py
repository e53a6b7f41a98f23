"""The product's tables as a minimal project would map them: the columns that the API shows, and
those that a return needs."""

import uuid

from django.db import models
from django.utils.timezone import now  # noqa: TID251 - nothing of the product is used here


class Table(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(auto_now=True)
    merchant_id = models.UUIDField()

    class Meta:
        abstract = True


class Store(models.Model):
    id = models.UUIDField(primary_key=True)
    slug = models.TextField()
    merchant_id = models.UUIDField()

    class Meta:
        managed = False
        db_table = "accounts_store"

    def __str__(self) -> str:
        return self.slug


class Order(Table):
    store = models.ForeignKey(Store, models.DO_NOTHING, related_name="orders")
    customer_id = models.UUIDField(null=True)
    external_id = models.TextField()
    number = models.TextField()
    currency = models.TextField()
    presentment_currency = models.TextField()
    tax_included = models.BooleanField()
    placed_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    version = models.IntegerField()
    total_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    duties_minor = models.BigIntegerField()
    tags = models.JSONField()
    flags = models.JSONField()
    email = models.TextField()
    shipping_address = models.JSONField()

    class Meta:
        managed = False
        db_table = "orders_order"

    def __str__(self) -> str:
        return self.number


class Line(Table):
    order = models.ForeignKey(Order, models.DO_NOTHING, related_name="lines")
    external_id = models.TextField()
    position = models.IntegerField()
    title = models.TextField()
    variant_title = models.TextField()
    sku = models.TextField()
    ean = models.TextField()
    product_id = models.TextField()
    variant_id = models.TextField()
    category = models.TextField()
    quantity = models.IntegerField()
    fulfilled_quantity = models.IntegerField()
    returned_quantity = models.IntegerField()
    refunded_quantity = models.IntegerField()
    currency = models.TextField()
    unit_price_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField()
    is_final_sale = models.BooleanField()
    is_gift = models.BooleanField()
    is_returnable = models.BooleanField()
    image_url = models.TextField()

    class Meta:
        managed = False
        db_table = "orders_lineitem"
        ordering = ("position",)

    def __str__(self) -> str:
        return self.title


class Tender(Table):
    order = models.ForeignKey(Order, models.DO_NOTHING, related_name="payments")
    external_id = models.TextField()
    kind = models.TextField()
    gateway = models.TextField()
    currency = models.TextField()
    captured_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "orders_ordertender"

    def __str__(self) -> str:
        return self.kind


class Session(Table):
    order = models.ForeignKey(Order, models.DO_NOTHING, related_name="sessions")
    token_hash = models.TextField()

    class Meta:
        managed = False
        db_table = "api_portalsession"

    def __str__(self) -> str:
        return str(self.pk)
