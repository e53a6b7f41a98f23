"""What an option gives and when, what to do next, and the mail with the code."""

from apps.api.returns.texts.words import Words

SUMMARY: dict[str, Words] = {
    "refund": (
        "You get {amount} back.",
        "Recibes {amount}.",
        "Du bekommst {amount} zurück.",
        "Vous recevez {amount}.",
    ),
    "due": (
        "You would have to pay {amount}.",
        "Tendrías que pagar {amount}.",
        "Du müsstest {amount} zahlen.",
        "Vous devriez payer {amount}.",
    ),
    "even": (
        "Nothing to pay and nothing to get back.",
        "Nada que pagar ni que recibir.",
        "Nichts zu zahlen und nichts zurück.",
        "Rien à payer ni à recevoir.",
    ),
}
EXPECTED: dict[str, Words] = {
    "original": (
        "Back to where you paid from, 3 to 10 working days after the goods are accepted.",
        "Al medio de pago original, de 3 a 10 días laborables tras aceptar los artículos.",
        "Auf dein Zahlungsmittel, 3 bis 10 Werktage nach Annahme der Ware.",
        "Sur votre moyen de paiement, 3 à 10 jours ouvrés après acceptation des articles.",
    ),
    "store_credit": (
        "As store credit, at once after the goods are accepted.",
        "Como saldo de la tienda, en cuanto se acepten los artículos.",
        "Als Guthaben, sofort nach Annahme der Ware.",
        "En avoir, dès l'acceptation des articles.",
    ),
    "bank_transfer": (
        "To your bank account, 1 to 3 working days after the goods are accepted.",
        "A tu cuenta bancaria, de 1 a 3 días laborables tras aceptar los artículos.",
        "Auf dein Bankkonto, 1 bis 3 Werktage nach Annahme der Ware.",
        "Sur votre compte bancaire, 1 à 3 jours ouvrés après acceptation des articles.",
    ),
}
STEPS: dict[str, Words] = {
    "pay": (
        "Pay the difference; your return opens when the payment is in. Keep the goods until then.",
        "Paga la diferencia; tu devolución se abre con el pago. Conserva los artículos.",
        "Zahle die Differenz; deine Retoure wird damit eröffnet. Behalte die Ware solange.",
        "Payez la différence ; votre retour s'ouvre ensuite. Gardez les articles d'ici là.",
    ),
    "wait_for_approval": (
        "Wait until the store has looked at your request; keep the goods until then.",
        "Espera a que la tienda revise tu solicitud; conserva los artículos hasta entonces.",
        "Warte, bis der Shop deine Anfrage geprüft hat; behalte die Ware solange.",
        "Attendez que la boutique examine votre demande ; gardez les articles d'ici là.",
    ),
    "keep_goods": (
        "Keep the goods; nothing has to be sent back.",
        "Quédate con los artículos; no hay que enviar nada.",
        "Behalte die Ware; nichts muss zurückgeschickt werden.",
        "Gardez les articles ; rien n'est à renvoyer.",
    ),
    "print_label": (
        "Print the label and put it on the parcel.",
        "Imprime la etiqueta y pégala en el paquete.",
        "Drucke das Etikett aus und klebe es auf das Paket.",
        "Imprimez l'étiquette et collez-la sur le colis.",
    ),
    "hand_in": (
        "Bring the goods to a drop-off point and show the code.",
        "Lleva los artículos a un punto de entrega y muestra el código.",
        "Bringe die Ware zu einer Annahmestelle und zeige den Code.",
        "Déposez les articles dans un point relais et montrez le code.",
    ),
    "send": (
        "Send the parcel before {day}.",
        "Envía el paquete antes del {day}.",
        "Sende das Paket vor dem {day} ab.",
        "Envoyez le colis avant le {day}.",
    ),
    "tracking": (
        "Enter the tracking number if you ship it yourself.",
        "Indica el número de seguimiento si lo envías por tu cuenta.",
        "Trage die Sendungsnummer ein, wenn du selbst versendest.",
        "Saisissez le numéro de suivi si vous l'expédiez vous-même.",
    ),
    "wait_for_store": (
        "Nothing to do: the store will check the goods.",
        "Nada que hacer: la tienda revisará los artículos.",
        "Nichts zu tun: der Shop prüft die Ware.",
        "Rien à faire : la boutique vérifiera les articles.",
    ),
}
MAIL: dict[str, Words] = {
    "subject": (
        "Your code for {store}",
        "Tu código para {store}",
        "Dein Code für {store}",
        "Votre code pour {store}",
    ),
    "body": (
        (
            "Your code is {code}. It is good for {minutes} minutes.\n\nIt was asked for to return "
            "goods of order {order}. If that was not you, do nothing."
        ),
        (
            "Tu código es {code}. Es válido durante {minutes} minutos.\n\nSe pidió para devolver "
            "artículos del pedido {order}. Si no fuiste tú, ignóralo."
        ),
        (
            "Dein Code ist {code}. Er gilt {minutes} Minuten.\n\nEr wurde für eine Retoure zur "
            "Bestellung {order} angefordert. Warst du es nicht, tue nichts."
        ),
        (
            "Votre code est {code}. Il est valable {minutes} minutes.\n\nIl a été demandé pour un "
            "retour de la commande {order}. Si ce n'est pas vous, ne faites rien."
        ),
    ),
}
