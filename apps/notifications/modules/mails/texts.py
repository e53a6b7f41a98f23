"""The words of the mails to shoppers. Paragraphs are parted by an empty line."""

from apps.core.words import Words
from apps.notifications.modules.mails.goods import PAID_BY, PAID_INSTEAD, SOLD_OUT

SUBJECTS: dict[str, Words] = {
    "granted": (
        "You get {amount} before your goods are back",
        "Recibes {amount} antes de devolver los artículos",
        "Du erhältst {amount}, bevor die Ware zurück ist",
        "Vous recevez {amount} avant le retour des articles",
    ),
    "opened": (
        "{amount} are asked back for return {number}",
        "Se te piden {amount} por la devolución {number}",
        "Für die Retoure {number} werden {amount} zurückgefordert",
        "{amount} vous sont demandés pour le retour {number}",
    ),
    "warned_1": (
        "{amount} will be charged on {day}",
        "Se cobrarán {amount} el {day}",
        "{amount} werden am {day} abgebucht",
        "{amount} seront prélevés le {day}",
    ),
    "warned_2": (
        "Reminder: {amount} will be charged on {day}",
        "Recordatorio: se cobrarán {amount} el {day}",
        "Erinnerung: {amount} werden am {day} abgebucht",
        "Rappel : {amount} seront prélevés le {day}",
    ),
    "collected": (
        "We received {amount}",
        "Hemos recibido {amount}",
        "Wir haben {amount} erhalten",
        "Nous avons reçu {amount}",
    ),
    "link_ready": (
        "Pay {amount} for return {number}",
        "Paga {amount} por la devolución {number}",
        "Zahle {amount} für die Retoure {number}",
        "Payez {amount} pour le retour {number}",
    ),
    "given_back": (
        "{amount} go back to you",
        "Te devolvemos {amount}",
        "Du bekommst {amount} zurück",
        "{amount} vous sont rendus",
    ),
    "closed": (
        "Nothing is owed for return {number}",
        "No debes nada por la devolución {number}",
        "Für die Retoure {number} ist nichts offen",
        "Rien n'est dû pour le retour {number}",
    ),
    "replaced": SOLD_OUT,
}
BODIES: dict[str, Words] = {
    "granted": (
        (
            "{store} pays you {amount} before your goods are back.\n\nSend them so that they"
            " arrive by {day}. What has not arrived by then, or is not accepted, is owed; you are"
            " told before anything is charged, and may object."
        ),
        (
            "{store} te paga {amount} antes de devolver los artículos.\n\nEnvíalos para que"
            " lleguen antes del {day}. Lo que no llegue o no se acepte se debe; te avisaremos"
            " antes de cobrar nada y podrás oponerte."
        ),
        (
            "{store} zahlt dir {amount}, bevor die Ware zurück ist.\n\nSende sie so, dass sie bis"
            " zum {day} da ist. Was bis dahin fehlt oder nicht angenommen wird, schuldest du;"
            " bevor etwas abgebucht wird, sagen wir es dir, und du kannst widersprechen."
        ),
        (
            "{store} vous verse {amount} avant le retour des articles.\n\nEnvoyez-les pour qu'ils"
            " arrivent d'ici le {day}. Ce qui manque alors ou n'est pas accepté est dû ; vous"
            " serez prévenu avant tout prélèvement et pourrez vous y opposer."
        ),
    ),
    "opened": (
        (
            "{cause} Their value is {amount}.\n\nYou may object until {day}, say that you sent"
            " them, pay in parts or by a link. Nothing is charged before."
        ),
        (
            "{cause} Su valor es {amount}.\n\nHasta el {day} puedes oponerte, decir que los"
            " enviaste, pagar a plazos o con un enlace. Antes no se cobra nada."
        ),
        (
            "{cause} Ihr Wert ist {amount}.\n\nBis zum {day} kannst du widersprechen, sagen, dass"
            " du sie gesendet hast, in Raten oder über einen Link zahlen. Vorher wird nichts"
            " abgebucht."
        ),
        (
            "{cause} Leur valeur est de {amount}.\n\nJusqu'au {day} vous pouvez vous y opposer,"
            " dire que vous les avez envoyés, payer en plusieurs fois ou par un lien. Rien n'est"
            " prélevé avant."
        ),
    ),
    "warned_1": (
        (
            "{cause}\n\nAs you agreed, {amount} will be charged to you, at the earliest on {day}."
            " If that is wrong, say so on the page of your return: nothing is charged until it is"
            " looked at."
        ),
        (
            "{cause}\n\nComo aceptaste, se te cobrarán {amount}, como pronto el {day}. Si no es"
            " correcto, dilo en la página de tu devolución: no se cobra nada hasta revisarlo."
        ),
        (
            "{cause}\n\nWie vereinbart werden {amount} abgebucht, frühestens am {day}. Stimmt das"
            " nicht, sage es auf der Seite deiner Retoure: bis es geprüft ist, wird nichts"
            " abgebucht."
        ),
        (
            "{cause}\n\nComme convenu, {amount} seront prélevés, au plus tôt le {day}. Si c'est"
            " une erreur, dites-le sur la page de votre retour : rien n'est prélevé avant examen."
        ),
    ),
    "warned_2": (
        (
            "{cause}\n\n{amount} will be charged to you on {day}. You can still pay by a link, or"
            " say on the page of your return that this is wrong."
        ),
        (
            "{cause}\n\nEl {day} se te cobrarán {amount}. Aún puedes pagar con un enlace o decir"
            " en la página de tu devolución que no es correcto."
        ),
        (
            "{cause}\n\nAm {day} werden {amount} abgebucht. Du kannst noch über einen Link zahlen"
            " oder auf der Seite deiner Retoure sagen, dass es nicht stimmt."
        ),
        (
            "{cause}\n\n{amount} seront prélevés le {day}. Vous pouvez encore payer par un lien"
            " ou signaler une erreur sur la page de votre retour."
        ),
    ),
    "collected": (
        "Your payment of {amount} for return {number} has arrived. Thank you.",
        "Tu pago de {amount} por la devolución {number} ha llegado. Gracias.",
        "Deine Zahlung von {amount} für die Retoure {number} ist angekommen. Danke.",
        "Votre paiement de {amount} pour le retour {number} est arrivé. Merci.",
    ),
    "link_ready": (
        (
            "You can pay {amount} on this page until {until}.\n\nIs the link over? Ask for a new"
            " one on the page of your return."
        ),
        (
            "Puedes pagar {amount} en esta página hasta el {until}.\n\n¿El enlace ha caducado?"
            " Pide uno nuevo en la página de tu devolución."
        ),
        (
            "Du kannst {amount} bis {until} auf dieser Seite zahlen.\n\nIst der Link abgelaufen?"
            " Fordere auf der Seite deiner Retoure einen neuen an."
        ),
        (
            "Vous pouvez payer {amount} sur cette page jusqu'au {until}.\n\nLe lien a expiré ?"
            " Demandez-en un nouveau sur la page de votre retour."
        ),
    ),
    "given_back": (
        (
            "{amount} that you paid for return {number} go back to you, the way they came."
            " Nothing more is owed."
        ),
        (
            "Te devolvemos {amount} que pagaste por la devolución {number}, por el mismo medio."
            " No debes nada más."
        ),
        (
            "{amount}, die du für die Retoure {number} gezahlt hast, gehen auf demselben Weg an"
            " dich zurück. Es ist nichts mehr offen."
        ),
        (
            "{amount} que vous avez payés pour le retour {number} vous sont rendus par le même"
            " moyen. Rien d'autre n'est dû."
        ),
    ),
    "closed": (
        (
            "The {amount} that were asked back for return {number} are not owed any more. Nothing"
            " is charged."
        ),
        ("Ya no debes los {amount} que se te pedían por la devolución {number}. No se cobra nada."),
        (
            "Die {amount}, die für die Retoure {number} zurückgefordert wurden, schuldest du"
            " nicht mehr. Es wird nichts abgebucht."
        ),
        "Les {amount} demandés pour le retour {number} ne sont plus dus. Rien n'est prélevé.",
    ),
    "replaced": PAID_INSTEAD,
}
ROWS: dict[str, Words] = {
    "pay_now": (
        "Now",
        "Ahora",
        "Sofort",
        "Maintenant",
    ),
    "pay_at_scan": (
        "When the carrier scans your parcel",
        "Cuando el transportista escanee tu paquete",
        "Wenn dein Paket gescannt wird",
        "Au premier scan de votre colis",
    ),
    "pay_at_delivery": (
        "When your parcel arrives",
        "Cuando llegue tu paquete",
        "Wenn dein Paket ankommt",
        "À l'arrivée de votre colis",
    ),
    "pay_at_inspection": (
        "After the goods are accepted",
        "Tras aceptar los artículos",
        "Nach Annahme der Ware",
        "Après acceptation des articles",
    ),
    "goods": (
        "To send back",
        "Para devolver",
        "Zurückzusenden",
        "À renvoyer",
    ),
    "amount": (
        "Amount",
        "Importe",
        "Betrag",
        "Montant",
    ),
    "charge_day": (
        "At the earliest on",
        "Como pronto el",
        "Frühestens am",
        "Au plus tôt le",
    ),
    **PAID_BY,
    "left": (
        "Still owed",
        "Pendiente",
        "Noch offen",
        "Reste dû",
    ),
}
BUTTONS: dict[str, Words] = {
    "see": (
        "See your return",
        "Ver tu devolución",
        "Zu deiner Retoure",
        "Voir votre retour",
    ),
    "pay": (
        "Pay now",
        "Pagar ahora",
        "Jetzt zahlen",
        "Payer maintenant",
    ),
}
FOOT: dict[str, Words] = {
    "foot": (
        "Order {order} at {store}, return {number}.",
        "Pedido {order} en {store}, devolución {number}.",
        "Bestellung {order} bei {store}, Retoure {number}.",
        "Commande {order} chez {store}, retour {number}.",
    ),
}
