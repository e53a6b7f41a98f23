"""The words a merchant agrees to before it saves a card; a change of words is a new version."""

VERSION = "2026-11"
TEXTS = {
    "en": (
        "{seller} may charge the card you save for what is due on each of your invoices, on the"
        " day it is due, until you remove the card."
    ),
    "es": (
        "{seller} puede cobrar en la tarjeta que guardes lo que se deba de cada una de tus"
        " facturas, el día de su vencimiento, hasta que quites la tarjeta."
    ),
    "de": (
        "{seller} darf die gespeicherte Karte mit dem offenen Betrag jeder Rechnung belasten, am"
        " Tag ihrer Fälligkeit, bis die Karte entfernt wird."
    ),
    "fr": (
        "{seller} peut débiter la carte enregistrée du montant dû de chacune de vos factures, le"
        " jour de son échéance, jusqu'à ce que vous retiriez la carte."
    ),
}


def card_consent(language: str, seller: str) -> str:
    """In English where the language is not one of ours."""
    return TEXTS.get(language, TEXTS["en"]).format(seller=seller)
