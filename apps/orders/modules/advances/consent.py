"""The words a shopper agrees to before an advance; a change of words is a new version.

The words of an older version stay here as long as a quote that showed them may be opened.
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from apps.core.money import Money

VERSION = "2026-11-26"
FIRST = {
    "en": (
        "You get {cap} before your goods are back. If they have not arrived by {deadline}, or the"
        " store does not accept some of them, you owe their value back and agree that up to {cap}"
        " is charged to you, after a warning and time to object. Return fees are not charged again."
    ),
    "es": (
        "Recibes {cap} antes de devolver los artículos. Si no han llegado el {deadline} o la tienda"
        " no acepta alguno, debes su valor y aceptas que se te cobren hasta {cap}, tras un aviso y"
        " un plazo para oponerte. Los gastos de devolución no se cobran otra vez."
    ),
    "de": (
        "Du erhältst {cap}, bevor die Ware zurück ist. Ist sie bis zum {deadline} nicht da oder"
        " nimmt der Shop Teile davon nicht an, schuldest du deren Wert und stimmst zu, dass bis zu"
        " {cap} abgebucht werden, nach Vorwarnung und Frist zum Widerspruch. Rücksendekosten werden"
        " nicht noch einmal berechnet."
    ),
    "fr": (
        "Vous recevez {cap} avant le retour des articles. S'ils ne sont pas arrivés le {deadline}"
        " ou si la boutique en refuse, vous devez leur valeur et acceptez un prélèvement de {cap}"
        " au plus, après un avertissement et un délai pour vous y opposer. Les frais de retour ne"
        " sont pas prélevés de nouveau."
    ),
}
ENDS = {
    "en": " Nothing is charged after {until}: then this permission has ended.",
    "es": " Después del {until} no se cobra nada: este permiso habrá terminado.",
    "de": " Nach dem {until} wird nichts mehr abgebucht: dann ist diese Erlaubnis erloschen.",
    "fr": " Rien n'est prélevé après le {until} : cette autorisation aura pris fin.",
}
TEXTS: Mapping[str, Mapping[str, str]] = {
    "2026-11": FIRST,
    VERSION: {language: words + ENDS[language] for language, words in FIRST.items()},
}


def charge_until(deadline: datetime) -> datetime:
    """The end of the permission to charge, for goods that are to be back by `deadline`."""
    return deadline + settings.RECOVERY_CONSENT_LASTS


def consent_text(language: str, cap: Money, deadline: datetime, version: str = VERSION) -> str:
    """In English where the language is not one of ours; raises KeyError for an unknown version."""
    texts = TEXTS[version]
    words = texts.get(language, texts["en"])
    until = charge_until(deadline).date().isoformat()
    return words.format(cap=cap, deadline=deadline.date().isoformat(), until=until)
