"""The words of the mail about goods that ran out after the return was settled with them."""

from apps.core.words import Words

SOLD_OUT: Words = (
    "{goods} is sold out: you get {amount}",
    "{goods} está agotado: recibes {amount}",
    "{goods} ist ausverkauft: du erhältst {amount}",
    "{goods} est épuisé : vous recevez {amount}",
)
PAID_INSTEAD: Words = (
    (
        "{store} cannot send you {goods}, which you chose for return {number}: it is sold out."
        "\n\nYou get {amount} instead. There is nothing for you to do."
    ),
    (
        "{store} no puede enviarte {goods}, que elegiste para la devolución {number}: está"
        " agotado.\n\nA cambio recibes {amount}. No tienes que hacer nada."
    ),
    (
        "{store} kann dir {goods} für die Retoure {number} nicht senden: ausverkauft.\n\n"
        "Du erhältst stattdessen {amount}. Du musst nichts tun."
    ),
    (
        "{store} ne peut pas vous envoyer {goods}, choisi pour le retour {number} : c'est"
        " épuisé.\n\nVous recevez {amount} à la place. Vous n'avez rien à faire."
    ),
)
PAID_BY: dict[str, Words] = {
    "refund": (
        "Refund",
        "Reembolso",
        "Erstattung",
        "Remboursement",
    ),
    "credit": (
        "Store credit",
        "Crédito de la tienda",
        "Guthaben im Shop",
        "Avoir",
    ),
    "paid_on_top": (
        "Of what you paid on top",
        "De lo que pagaste de más",
        "Von deiner Zuzahlung",
        "De votre supplément",
    ),
}
