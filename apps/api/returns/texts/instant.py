"""Money before inspection in plain words: when it goes out, why it does not, and what is owed."""

from apps.api.returns.texts.words import Words

WHEN: dict[str, Words] = {
    "pay_now": (
        "At once, before you send anything.",
        "Al momento, antes de que envíes nada.",
        "Sofort, bevor du etwas verschickst.",
        "Tout de suite, avant tout envoi.",
    ),
    "pay_at_scan": (
        "As soon as the carrier scans your parcel.",
        "En cuanto el transportista escanee tu paquete.",
        "Sobald der Paketdienst dein Paket scannt.",
        "Dès que le transporteur scanne votre colis.",
    ),
    "pay_at_delivery": (
        "As soon as your parcel arrives at the store.",
        "En cuanto tu paquete llegue a la tienda.",
        "Sobald dein Paket im Shop ankommt.",
        "Dès que votre colis arrive à la boutique.",
    ),
    "pay_at_inspection": (
        "After the store has accepted the goods.",
        "Después de que la tienda acepte los artículos.",
        "Nachdem der Shop die Ware angenommen hat.",
        "Après acceptation des articles par la boutique.",
    ),
}
ARRIVES: dict[str, Words] = {
    "original": (
        "It is back where you paid from in 3 to 10 working days.",
        "Llega a tu medio de pago en 3 a 10 días laborables.",
        "Auf deinem Zahlungsmittel ist es in 3 bis 10 Werktagen.",
        "Il est sur votre moyen de paiement en 3 à 10 jours ouvrés.",
    ),
    "store_credit": (
        "You can use the credit within minutes.",
        "Puedes usar el saldo en minutos.",
        "Das Guthaben gilt in wenigen Minuten.",
        "L'avoir est utilisable en quelques minutes.",
    ),
    "bank_transfer": (
        "It is in your bank account in 1 to 3 working days.",
        "Llega a tu cuenta en 1 a 3 días laborables.",
        "Auf deinem Konto ist es in 1 bis 3 Werktagen.",
        "Il est sur votre compte en 1 à 3 jours ouvrés.",
    ),
}
STANDARD: dict[str, Words] = {
    "filed_by_store": (
        "The store pays after it has accepted the goods.",
        "La tienda paga después de aceptar los artículos.",
        "Der Shop zahlt, nachdem er die Ware angenommen hat.",
        "La boutique paie après avoir accepté les articles.",
    ),
    "held_for_approval": (
        "The store looks at this request first.",
        "La tienda revisa primero esta solicitud.",
        "Der Shop prüft diese Anfrage zuerst.",
        "La boutique examine d'abord cette demande.",
    ),
    "excluded_by_rule": (
        "For these goods the store pays after it has accepted them.",
        "Por estos artículos la tienda paga después de aceptarlos.",
        "Für diese Ware zahlt der Shop, nachdem er sie angenommen hat.",
        "Pour ces articles, la boutique paie après les avoir acceptés.",
    ),
    "goods_kept": (
        "Nothing has to come back, so there is nothing to wait for.",
        "No hay que devolver nada, así que no hay que esperar.",
        "Es muss nichts zurück, also gibt es nichts abzuwarten.",
        "Rien n'est à renvoyer, il n'y a donc rien à attendre.",
    ),
    "nothing_to_advance": (
        "There is nothing to pay out.",
        "No hay nada que pagar.",
        "Es gibt nichts auszuzahlen.",
        "Il n'y a rien à verser.",
    ),
    "currency_not_transferred": (
        "No bank transfers before acceptance in this currency.",
        "Sin transferencias antes de la aceptación en esta moneda.",
        "Keine Überweisung vor der Annahme in dieser Währung.",
        "Pas de virement avant acceptation dans cette devise.",
    ),
    "after_inspection": (
        "For this return the money comes after the goods are accepted.",
        "En esta devolución el dinero llega tras aceptar los artículos.",
        "Bei dieser Retoure kommt das Geld nach Annahme der Ware.",
        "Pour ce retour, l'argent vient après acceptation des articles.",
    ),
}
PART: dict[str, Words] = {
    "waiting": ("Waits.", "En espera.", "Wartet.", "En attente."),
    "released": ("Paid out.", "Pagado.", "Ausgezahlt.", "Versé."),
    "cancelled": (
        "Will not be paid.",
        "No se pagará.",
        "Wird nicht gezahlt.",
        "Ne sera pas versé.",
    ),
}
ADVANCE: dict[str, Words] = {
    "open": (
        "Send the goods so that they arrive by {day}; what does not arrive is owed.",
        "Envía los artículos para que lleguen antes del {day}; lo que no llegue se debe.",
        "Sende die Ware so, dass sie bis zum {day} da ist; was fehlt, schuldest du.",
        "Envoyez les articles pour qu'ils arrivent d'ici le {day} ; ce qui manque est dû.",
    ),
    "owed": (
        "Some goods were not accepted: you owe {owed}.",
        "Algunos artículos no fueron aceptados: debes {owed}.",
        "Ein Teil der Ware wurde nicht angenommen: du schuldest {owed}.",
        "Certains articles n'ont pas été acceptés : vous devez {owed}.",
    ),
    "over": (
        "Nothing is owed.",
        "No debes nada.",
        "Es ist nichts offen.",
        "Rien n'est dû.",
    ),
}
