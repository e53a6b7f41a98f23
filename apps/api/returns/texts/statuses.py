"""What a status means to the shopper: of the return, its label, its refund, its new goods."""

from apps.api.returns.texts.words import Words

RETURN: dict[str, Words] = {
    "unpaid": (
        "Your return waits for your payment.",
        "Tu devolución espera tu pago.",
        "Deine Retoure wartet auf deine Zahlung.",
        "Votre retour attend votre paiement.",
    ),
    "requested": (
        "The store is looking at your request.",
        "La tienda está revisando tu solicitud.",
        "Der Shop prüft deine Anfrage.",
        "La boutique examine votre demande.",
    ),
    "in_progress": (
        "Your return is open: send the goods back.",
        "Tu devolución está abierta: envía los artículos.",
        "Deine Retoure ist offen: sende die Ware zurück.",
        "Votre retour est ouvert : renvoyez les articles.",
    ),
    "shipped": (
        "Your parcel is on its way to the store.",
        "Tu paquete va de camino a la tienda.",
        "Dein Paket ist auf dem Weg zum Shop.",
        "Votre colis est en route vers la boutique.",
    ),
    "received": (
        "The store has your parcel and is checking it.",
        "La tienda tiene tu paquete y lo está revisando.",
        "Der Shop hat dein Paket und prüft es.",
        "La boutique a reçu votre colis et le vérifie.",
    ),
    "for_review": (
        "The store is taking a closer look at your goods.",
        "La tienda está revisando tus artículos con más detalle.",
        "Der Shop sieht sich deine Ware genauer an.",
        "La boutique examine vos articles de plus près.",
    ),
    "accepted": (
        "Your return was accepted.",
        "Tu devolución ha sido aceptada.",
        "Deine Retoure wurde angenommen.",
        "Votre retour a été accepté.",
    ),
    "partly_accepted": (
        "A part of your return was accepted.",
        "Una parte de tu devolución ha sido aceptada.",
        "Ein Teil deiner Retoure wurde angenommen.",
        "Une partie de votre retour a été acceptée.",
    ),
    "rejected": (
        "Your return was not accepted.",
        "Tu devolución no ha sido aceptada.",
        "Deine Retoure wurde nicht angenommen.",
        "Votre retour n'a pas été accepté.",
    ),
    "cancelled": (
        "This return was cancelled.",
        "Esta devolución se ha cancelado.",
        "Diese Retoure wurde storniert.",
        "Ce retour a été annulé.",
    ),
}
LABEL: dict[str, Words] = {
    "none": (
        "This return needs no label.",
        "Esta devolución no necesita etiqueta.",
        "Diese Retoure braucht kein Etikett.",
        "Ce retour n'a pas besoin d'étiquette.",
    ),
    "waiting": (
        "Your label is being made.",
        "Estamos preparando tu etiqueta.",
        "Dein Etikett wird erstellt.",
        "Votre étiquette est en préparation.",
    ),
    "ready": (
        "Your label is ready to print.",
        "Tu etiqueta está lista para imprimir.",
        "Dein Etikett kann gedruckt werden.",
        "Votre étiquette est prête à imprimer.",
    ),
    "used": (
        "Your label was used.",
        "Tu etiqueta ya se ha usado.",
        "Dein Etikett wurde benutzt.",
        "Votre étiquette a été utilisée.",
    ),
    "failed": (
        "The label could not be made; the store has been told.",
        "No se pudo crear la etiqueta; hemos avisado a la tienda.",
        "Das Etikett konnte nicht erstellt werden; der Shop weiß Bescheid.",
        "L'étiquette n'a pas pu être créée ; la boutique est prévenue.",
    ),
    "expired": (
        "Your label has run out.",
        "Tu etiqueta ha caducado.",
        "Dein Etikett ist abgelaufen.",
        "Votre étiquette a expiré.",
    ),
    "voided": (
        "Your label is no longer valid.",
        "Tu etiqueta ya no es válida.",
        "Dein Etikett gilt nicht mehr.",
        "Votre étiquette n'est plus valable.",
    ),
}
REFUND: dict[str, Words] = {
    "none": (
        "There is nothing to refund.",
        "No hay nada que reembolsar.",
        "Es gibt nichts zu erstatten.",
        "Il n'y a rien à rembourser.",
    ),
    "awaiting": (
        "You will be refunded once the store has accepted your goods.",
        "Te reembolsaremos cuando la tienda acepte tus artículos.",
        "Du bekommst dein Geld, sobald der Shop deine Ware angenommen hat.",
        "Vous serez remboursé dès que la boutique aura accepté vos articles.",
    ),
    "pending": (
        "Your refund is being prepared.",
        "Estamos preparando tu reembolso.",
        "Deine Erstattung wird vorbereitet.",
        "Votre remboursement est en préparation.",
    ),
    "processing": (
        "Your refund is on its way.",
        "Tu reembolso está en camino.",
        "Deine Erstattung ist unterwegs.",
        "Votre remboursement est en cours.",
    ),
    "succeeded": (
        "Your refund was paid.",
        "Tu reembolso se ha pagado.",
        "Deine Erstattung wurde ausgezahlt.",
        "Votre remboursement a été versé.",
    ),
    "failed": (
        "Your refund did not go through; the store is looking into it.",
        "Tu reembolso no se pudo completar; la tienda lo está revisando.",
        "Deine Erstattung hat nicht geklappt; der Shop kümmert sich darum.",
        "Votre remboursement n'a pas abouti ; la boutique s'en occupe.",
    ),
}
EXCHANGE: dict[str, Words] = {
    "requested": ("Requested.", "Solicitado.", "Angefragt.", "Demandé."),
    "reserved": (
        "Kept aside for you.",
        "Reservado para ti.",
        "Für dich zurückgelegt.",
        "Mis de côté pour vous.",
    ),
    "ordered": ("Ordered for you.", "Pedido para ti.", "Für dich bestellt.", "Commandé pour vous."),
    "fulfilled": ("Sent to you.", "Enviado.", "An dich versandt.", "Expédié."),
    "out_of_stock": ("Out of stock.", "Sin existencias.", "Nicht vorrätig.", "En rupture."),
    "replaced": (
        "Out of stock; refunded instead.",
        "Sin existencias; se reembolsa.",
        "Nicht vorrätig; wird erstattet.",
        "En rupture ; remboursé.",
    ),
    "cancelled": ("Cancelled.", "Cancelado.", "Storniert.", "Annulé."),
}
