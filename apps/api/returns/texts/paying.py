"""What the shopper has to pay first, and what became of it."""

from apps.api.returns.texts.words import Words

PAYING: dict[str, Words] = {
    "preparing": (
        "Your payment page is being prepared; look again in a moment.",
        "Estamos preparando tu página de pago; vuelve a mirar en un momento.",
        "Deine Bezahlseite wird vorbereitet; sieh gleich noch einmal nach.",
        "Votre page de paiement est en préparation ; revenez dans un instant.",
    ),
    "open": (
        "Pay {amount} to open your return.",
        "Paga {amount} para abrir tu devolución.",
        "Zahle {amount}, um deine Retoure zu eröffnen.",
        "Payez {amount} pour ouvrir votre retour.",
    ),
    "processing": (
        "Your payment is on its way.",
        "Tu pago está en camino.",
        "Deine Zahlung ist unterwegs.",
        "Votre paiement est en cours.",
    ),
    "paid": (
        "You paid {amount}.",
        "Has pagado {amount}.",
        "Du hast {amount} gezahlt.",
        "Vous avez payé {amount}.",
    ),
    "given_back": (
        "Your payment is given back to you.",
        "Te devolvemos tu pago.",
        "Du bekommst deine Zahlung zurück.",
        "Votre paiement vous est rendu.",
    ),
    "closed": (
        "Nothing was paid, and nothing can be paid any more.",
        "No se pagó nada y ya no se puede pagar.",
        "Es wurde nichts gezahlt, und es kann nichts mehr gezahlt werden.",
        "Rien n'a été payé, et rien ne peut plus l'être.",
    ),
}
