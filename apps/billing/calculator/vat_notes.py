"""Why a line carries no VAT, or which: what an invoice has to say, in each language."""

from collections.abc import Mapping

from apps.billing import choices
from apps.core.words import LANGUAGES, Words

Treatment = choices.Vat.Treatment
# The law is Spanish, and Spanish words are its own; where it speaks in translation, the English
# stands beside it.
TRANSLATED = ("de", "fr")
NOTES: Mapping[str, Words | None] = {
    Treatment.DOMESTIC: None,
    Treatment.REVERSE_CHARGE: (
        (
            "Reverse charge: VAT is due from the recipient "
            "(Articles 44 and 196 of Directive 2006/112/EC)."
        ),
        (
            "Inversión del sujeto pasivo: el IVA corresponde al destinatario "
            "(artículos 44 y 196 de la Directiva 2006/112/CE)."
        ),
        (
            "Steuerschuldnerschaft des Leistungsempfängers "
            "(Artikel 44 und 196 der Richtlinie 2006/112/EG)."
        ),
        (
            "Autoliquidation : la TVA est due par le preneur "
            "(articles 44 et 196 de la directive 2006/112/CE)."
        ),
    ),
    Treatment.EU_NO_NUMBER: (
        "Spanish VAT is charged because the recipient has given no VAT number.",
        "Se repercute el IVA español porque el destinatario no ha facilitado un NIF-IVA.",
        (
            "Spanische Umsatzsteuer wird berechnet, weil der Leistungsempfänger keine USt-IdNr. "
            "angegeben hat."
        ),
        "La TVA espagnole est facturée car le preneur n'a pas communiqué de numéro de TVA.",
    ),
    Treatment.EXPORT: (
        (
            "Not subject to Spanish VAT: the service is supplied where the recipient is "
            "established (Article 69.One.1 of Law 37/1992)."
        ),
        (
            "Operación no sujeta al IVA español: el servicio se entiende prestado donde está "
            "establecido el destinatario (artículo 69.Uno.1.º de la Ley 37/1992)."
        ),
        (
            "Unterliegt nicht der spanischen Umsatzsteuer: Leistungsort ist der Sitz des "
            "Leistungsempfängers (Artikel 69 Eins Nr. 1 des Gesetzes 37/1992)."
        ),
        (
            "Non soumis à la TVA espagnole : le service est réputé fourni là où le preneur est "
            "établi (article 69.Un.1 de la loi 37/1992)."
        ),
    ),
}
DISBURSEMENT_NOTE: Words = (
    (
        "Advances were paid in the name and on behalf of the recipient and carry no VAT "
        "(Article 79(c) of Directive 2006/112/EC, Article 78.Three.3 of Law 37/1992)."
    ),
    (
        "Los anticipos se pagaron en nombre y por cuenta del destinatario y no llevan IVA "
        "(artículo 79.c) de la Directiva 2006/112/CE, artículo 78.Tres.3.º de la Ley 37/1992)."
    ),
    (
        "Vorschüsse wurden im Namen und für Rechnung des Leistungsempfängers gezahlt und tragen "
        "keine Umsatzsteuer (Artikel 79 Buchstabe c der Richtlinie 2006/112/EG, Artikel 78 Drei "
        "Nr. 3 des Gesetzes 37/1992)."
    ),
    (
        "Les avances ont été versées au nom et pour le compte du preneur et ne portent pas de TVA "
        "(article 79, point c), de la directive 2006/112/CE, article 78.Trois.3 de la loi 37/1992)."
    ),
)
REIMBURSEMENT_NOTE: Words = (
    (
        "Reimbursements make good goods that were paid back and not returned; they are no "
        "consideration and carry no VAT (Article 78.Three.1 of Law 37/1992)."
    ),
    (
        "Los reintegros resarcen de artículos que se reembolsaron y no se devolvieron; no son "
        "contraprestación y no llevan IVA (artículo 78.Tres.1.º de la Ley 37/1992)."
    ),
    (
        "Erstattungen ersetzen Waren, die bezahlt und nicht zurückgegeben wurden; sie sind kein "
        "Entgelt und tragen keine Umsatzsteuer (Artikel 78 Drei Nr. 1 des Gesetzes 37/1992)."
    ),
    (
        "Les compensations réparent la perte d'articles remboursés et non retournés ; elles ne "
        "sont pas une contrepartie et ne portent pas de TVA (article 78.Trois.1 de la loi 37/1992)."
    ),
)


def note_in(language: str, words: Words) -> str:
    english, place = words[0], LANGUAGES.index(language)
    return f"{words[place]} / {english}" if language in TRANSLATED else words[place]
