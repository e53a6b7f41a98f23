"""What happened, as the shopper reads it; kinds that are not here are the store's own affair."""

from apps.api.returns.texts.words import Words

EVENTS: dict[str, Words] = {
    "return.requested": (
        "You asked for a return; the store will look at it.",
        "Solicitaste una devolución; la tienda la revisará.",
        "Du hast eine Retoure angefragt; der Shop prüft sie.",
        "Vous avez demandé un retour ; la boutique va l'examiner.",
    ),
    "return.payment_due": (
        "You asked for goods that cost more; the return waits for your payment.",
        "Pediste artículos más caros; la devolución espera tu pago.",
        "Du willst teurere Ware; die Retoure wartet auf deine Zahlung.",
        "Vous avez choisi des articles plus chers ; le retour attend votre paiement.",
    ),
    "return.opened": (
        "Your return was opened.",
        "Tu devolución se ha abierto.",
        "Deine Retoure wurde eröffnet.",
        "Votre retour a été ouvert.",
    ),
    "return.approved": (
        "The store approved your request.",
        "La tienda aprobó tu solicitud.",
        "Der Shop hat deine Anfrage genehmigt.",
        "La boutique a approuvé votre demande.",
    ),
    "return.shipped": (
        "Your parcel is on its way.",
        "Tu paquete está en camino.",
        "Dein Paket ist unterwegs.",
        "Votre colis est en route.",
    ),
    "return.received": (
        "The store received your parcel.",
        "La tienda recibió tu paquete.",
        "Der Shop hat dein Paket erhalten.",
        "La boutique a reçu votre colis.",
    ),
    "return.for_review": (
        "The store is taking a closer look.",
        "La tienda lo está revisando con más detalle.",
        "Der Shop sieht genauer hin.",
        "La boutique examine de plus près.",
    ),
    "return.accepted": (
        "Your return was accepted.",
        "Tu devolución fue aceptada.",
        "Deine Retoure wurde angenommen.",
        "Votre retour a été accepté.",
    ),
    "return.partly_accepted": (
        "A part of your return was accepted.",
        "Una parte de tu devolución fue aceptada.",
        "Ein Teil deiner Retoure wurde angenommen.",
        "Une partie de votre retour a été acceptée.",
    ),
    "return.rejected": (
        "Your return was not accepted.",
        "Tu devolución no fue aceptada.",
        "Deine Retoure wurde nicht angenommen.",
        "Votre retour n'a pas été accepté.",
    ),
    "return.cancelled": (
        "The return was cancelled.",
        "La devolución se canceló.",
        "Die Retoure wurde storniert.",
        "Le retour a été annulé.",
    ),
    "return.refund_method_changed": (
        "The way you are refunded was changed.",
        "Se cambió la forma de reembolso.",
        "Die Art der Erstattung wurde geändert.",
        "Le mode de remboursement a été modifié.",
    ),
    "label.ready": (
        "Your label is ready.",
        "Tu etiqueta está lista.",
        "Dein Etikett ist fertig.",
        "Votre étiquette est prête.",
    ),
    "label.failed": (
        "The label could not be made.",
        "No se pudo crear la etiqueta.",
        "Das Etikett konnte nicht erstellt werden.",
        "L'étiquette n'a pas pu être créée.",
    ),
    "label.expired": (
        "Your label has run out.",
        "Tu etiqueta ha caducado.",
        "Dein Etikett ist abgelaufen.",
        "Votre étiquette a expiré.",
    ),
    "shipment.handed_in": (
        "You handed the goods in at a shop.",
        "Entregaste los artículos en una tienda.",
        "Du hast die Ware in einem Laden abgegeben.",
        "Vous avez déposé les articles en magasin.",
    ),
    "shipment.numbered": (
        "You entered a tracking number.",
        "Indicaste un número de seguimiento.",
        "Du hast eine Sendungsnummer eingetragen.",
        "Vous avez saisi un numéro de suivi.",
    ),
    "shipment.delivered": (
        "Your parcel was delivered.",
        "Tu paquete fue entregado.",
        "Dein Paket wurde zugestellt.",
        "Votre colis a été livré.",
    ),
    "shipment.exception": (
        "Your parcel is held up.",
        "Tu paquete está retenido.",
        "Dein Paket wird aufgehalten.",
        "Votre colis est retardé.",
    ),
    "shipment.lost": (
        "The carrier could not find your parcel.",
        "El transportista no encuentra tu paquete.",
        "Der Paketdienst findet dein Paket nicht.",
        "Le transporteur ne retrouve pas votre colis.",
    ),
    "refund.sent": (
        "Your refund is on its way.",
        "Tu reembolso está en camino.",
        "Deine Erstattung ist unterwegs.",
        "Votre remboursement est en cours.",
    ),
    "refund.succeeded": (
        "Your refund was paid.",
        "Tu reembolso se pagó.",
        "Deine Erstattung wurde ausgezahlt.",
        "Votre remboursement a été versé.",
    ),
    "refund.failed": (
        "Your refund did not go through.",
        "Tu reembolso no se pudo completar.",
        "Deine Erstattung hat nicht geklappt.",
        "Votre remboursement n'a pas abouti.",
    ),
    "refund.returned": (
        "Your bank sent the refund back.",
        "Tu banco devolvió el reembolso.",
        "Deine Bank hat die Erstattung zurückgeschickt.",
        "Votre banque a renvoyé le remboursement.",
    ),
    "refund.nothing_due": (
        "There was nothing to refund.",
        "No había nada que reembolsar.",
        "Es gab nichts zu erstatten.",
        "Il n'y avait rien à rembourser.",
    ),
    "advance.released": (
        "Money goes out before your goods are back.",
        "El dinero sale antes de que vuelvan tus artículos.",
        "Geld geht raus, bevor deine Ware zurück ist.",
        "L'argent part avant le retour de vos articles.",
    ),
    "advance.short": (
        "Some goods were not accepted; their value is owed.",
        "Algunos artículos no fueron aceptados; se debe su valor.",
        "Ein Teil der Ware wurde nicht angenommen; ihr Wert ist offen.",
        "Certains articles n'ont pas été acceptés ; leur valeur est due.",
    ),
    "payout.account_set": (
        "You named the account for your refund.",
        "Indicaste la cuenta para tu reembolso.",
        "Du hast das Konto für die Erstattung angegeben.",
        "Vous avez indiqué le compte du remboursement.",
    ),
}
