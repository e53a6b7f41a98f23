"""Label requests with the letters and lengths that break labels."""

from dataclasses import replace
from datetime import UTC, datetime

from apps.deliveries.dtos import LabelRequest, UnitLine
from apps.integrations.dtos import Address

REQUEST = LabelRequest(
    reference="R-7F3K2-M9Q4T-ABCDEF-1",
    method="own_label",
    return_number="R-7F3K2-M9Q4T",
    order_number="#1001",
    merchant_name="Tienda Año Nuevo S.L.",
    sender=Address(
        name="Łukasz Żółć-Grzęda",
        street="ul. Świętokrzyska 123/45",
        city="Kraków",
        postcode="30-001",
        country="PL",
    ),
    recipient=Address(
        name="Almacén Central",
        company="Moda Niño & Söhne <ES>",
        street="Polígono Industrial Goiáin",
        street2="Nave 3",
        postcode="01170",
        city="Legutiano",
        region="Álava",
        country="ES",
    ),
    units=(
        UnitLine(1, "Jersey de lana «Ñandú» 49,90 €", "Talla M", "JER-001-M"),
        UnitLine(2, "Camiseta"),
    ),
    expires_at=datetime(2026, 12, 24, tzinfo=UTC),
    link="https://returns.example/norte/R-7F3K2-M9Q4T",
    language="es",
)
STREET = "Donaudampfschifffahrtsgesellschaftskapitänsstraße" * 3
CROWDED = replace(
    REQUEST,
    method="drop_off",
    language="de-AT",
    link="",
    parcel_number=2,
    parcel_count=3,
    merchant_name="Ein außerordentlich langer Händlername mit beschränkter Haftung & Co. KG" * 2,
    recipient=Address(
        name="Λευκός Οίκος 漢字",
        street=STREET,
        street2="Zweite Zeile " * 20,
        postcode="10115",
        city="Berlin",
        region="Berlin",
        country="DE",
    ),
    units=tuple(UnitLine(n, f"Artikel {n} " + "sehr lang " * 20, "", "S" * 60) for n in range(30)),
)
