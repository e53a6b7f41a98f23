"""What a refusal says to the shopper, in the languages of the portal."""

from collections.abc import Mapping
from datetime import date

FALLBACK = "en"
DAYS = {"en": "%d %b %Y", "es": "%d/%m/%Y", "de": "%d.%m.%Y", "fr": "%d/%m/%Y"}

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "order_cancelled": {
        "en": "This order was cancelled.",
        "es": "Este pedido fue cancelado.",
        "de": "Diese Bestellung wurde storniert.",
        "fr": "Cette commande a été annulée.",
    },
    "not_fulfilled": {
        "en": "This item has not been sent yet.",
        "es": "Este artículo aún no se ha enviado.",
        "de": "Dieser Artikel wurde noch nicht versandt.",
        "fr": "Cet article n'a pas encore été expédié.",
    },
    "no_units_left": {
        "en": "Every unit of this item is already part of a return.",
        "es": "Todas las unidades de este artículo ya están en una devolución.",
        "de": "Alle Stücke dieses Artikels sind bereits Teil einer Rücksendung.",
        "fr": "Toutes les unités de cet article font déjà l'objet d'un retour.",
    },
    "gift_card": {
        "en": "Gift cards cannot be returned.",
        "es": "Las tarjetas regalo no se pueden devolver.",
        "de": "Geschenkkarten können nicht zurückgegeben werden.",
        "fr": "Les cartes cadeaux ne peuvent pas être retournées.",
    },
    "final_sale": {
        "en": "This item was sold as final sale.",
        "es": "Este artículo se vendió sin derecho a devolución.",
        "de": "Dieser Artikel ist vom Umtausch ausgeschlossen.",
        "fr": "Cet article a été vendu sans possibilité de retour.",
    },
    "not_returnable": {
        "en": "This item cannot be returned.",
        "es": "Este artículo no se puede devolver.",
        "de": "Dieser Artikel kann nicht zurückgegeben werden.",
        "fr": "Cet article ne peut pas être retourné.",
    },
    "exchange_not_offered": {
        "en": "This store does not offer exchanges.",
        "es": "Esta tienda no ofrece cambios.",
        "de": "Dieser Shop bietet keinen Umtausch an.",
        "fr": "Cette boutique ne propose pas d'échange.",
    },
    "window_closed": {
        "en": "The last day to return this item was {day}.",
        "es": "El último día para devolver este artículo fue el {day}.",
        "de": "Der letzte Tag für die Rückgabe dieses Artikels war der {day}.",
        "fr": "Le dernier jour pour retourner cet article était le {day}.",
    },
    "rule": {
        "en": "The store does not take this item back.",
        "es": "La tienda no admite la devolución de este artículo.",
        "de": "Der Shop nimmt diesen Artikel nicht zurück.",
        "fr": "La boutique ne reprend pas cet article.",
    },
}


def sentences(code: str, day: date | None = None) -> dict[str, str]:
    """One text per language; `day` is written as that language writes it."""
    return {
        language: text.format(day=day.strftime(DAYS[language]) if day else "")
        for language, text in SENTENCES[code].items()
    }
