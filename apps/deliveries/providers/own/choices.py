"""The words on a label, per language; English where a language is missing."""

from collections.abc import Mapping

from apps.deliveries import choices

type Words = Mapping[str, str]

FALLBACK = "en"
WORDS: Mapping[str, Words] = {
    "en": {
        "from": "From",
        "to": "To",
        "return": "Return",
        "order": "Order",
        "parcel": "Parcel {number} of {count}",
        "valid": "Valid until {date}",
        "cut": "Cut here",
        "label": "Return label",
        "label_step": "Stick this part on the outside of the parcel. Postage is not included.",
        "hand_in": "Hand-in slip",
        "hand_in_step": "Show this part at the counter and hand the parcel in.",
        "slip": "Put this part inside the parcel",
        "quantity": "Qty",
        "item": "Item",
        "sku": "SKU",
        "packed": "Packed",
        "status": "Follow your return",
    },
    "es": {
        "from": "Remitente",
        "to": "Destinatario",
        "return": "Devolución",
        "order": "Pedido",
        "parcel": "Paquete {number} de {count}",
        "valid": "Válida hasta el {date}",
        "cut": "Cortar por aquí",
        "label": "Etiqueta de devolución",
        "label_step": "Pega esta parte en el exterior del paquete. Franqueo no incluido.",
        "hand_in": "Resguardo de entrega",
        "hand_in_step": "Enseña esta parte en el mostrador y entrega el paquete.",
        "slip": "Mete esta parte dentro del paquete",
        "quantity": "Uds.",
        "item": "Artículo",
        "sku": "SKU",
        "packed": "Dentro",
        "status": "Sigue tu devolución",
    },
    "de": {
        "from": "Absender",
        "to": "Empfänger",
        "return": "Rücksendung",
        "order": "Bestellung",
        "parcel": "Paket {number} von {count}",
        "valid": "Gültig bis {date}",
        "cut": "Hier abschneiden",
        "label": "Rücksendeetikett",
        "label_step": "Diesen Teil außen auf das Paket kleben. Porto ist nicht enthalten.",
        "hand_in": "Abgabeschein",
        "hand_in_step": "Diesen Teil an der Kasse zeigen und das Paket abgeben.",
        "slip": "Diesen Teil in das Paket legen",
        "quantity": "Menge",
        "item": "Artikel",
        "sku": "Art.-Nr.",
        "packed": "Dabei",
        "status": "Rücksendung verfolgen",
    },
    "fr": {
        "from": "Expéditeur",
        "to": "Destinataire",
        "return": "Retour",
        "order": "Commande",
        "parcel": "Colis {number} sur {count}",
        "valid": "Valable jusqu'au {date}",
        "cut": "Découper ici",
        "label": "Étiquette de retour",
        "label_step": "Collez cette partie à l'extérieur du colis. Affranchissement non inclus.",
        "hand_in": "Bon de dépôt",
        "hand_in_step": "Présentez cette partie au comptoir et déposez le colis.",
        "slip": "Glissez cette partie dans le colis",
        "quantity": "Qté",
        "item": "Article",
        "sku": "Réf.",
        "packed": "Inclus",
        "status": "Suivre votre retour",
    },
}

# Title and instruction of the upper half, by return method.
UPPER_HALF: Mapping[str, tuple[str, str]] = {
    choices.ReturnMethod.Type.DROP_OFF: ("hand_in", "hand_in_step"),
}
LABEL = ("label", "label_step")
