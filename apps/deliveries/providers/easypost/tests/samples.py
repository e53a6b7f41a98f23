"""A label as deliveries ask for it, and the credentials that the fake knows."""

from datetime import UTC, datetime

from apps.deliveries.dtos import LabelRequest, UnitLine
from apps.integrations.dtos import Address

KEY = "EZAKfake"
SECRET = "whsec_carrier"
SHOPPER = Address(
    name="Ana López",
    street="Calle Mayor 1",
    city="Bilbao",
    postcode="48001",
    country="ES",
    phone="+34 600 100 200",
)
WAREHOUSE = Address(
    name="Almacén Central",
    company="Tienda Año Nuevo S.L.",
    street="Polígono Goiáin 3",
    postcode="01170",
    city="Legutiano",
    region="Álava",
    country="ES",
)
REQUEST = LabelRequest(
    reference="R-7F3K2-M9Q4T-ABCDEF-1",
    method="carrier",
    return_number="R-7F3K2-M9Q4T",
    order_number="#1001",
    merchant_name="Tienda Año Nuevo S.L.",
    sender=SHOPPER,
    recipient=WAREHOUSE,
    units=(UnitLine(1, "Jersey"),),
    expires_at=datetime(2026, 12, 24, tzinfo=UTC),
    weight_grams=850,
)
