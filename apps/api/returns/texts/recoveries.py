"""What is asked back of the shopper, and why, in plain words."""

from apps.api.returns.texts.words import Words

CAUSES: dict[str, Words] = {
    "rejected": (
        "The store did not accept some of the goods you were paid for.",
        "La tienda no aceptó algunos de los artículos que ya se te pagaron.",
        "Der Shop hat einen Teil der Ware nicht angenommen, die dir schon bezahlt wurde.",
        "La boutique n'a pas accepté une partie des articles qui vous ont été payés.",
    ),
    "missing": (
        "Some of the goods you were paid for were not in the parcel.",
        "Faltaban en el paquete algunos de los artículos que ya se te pagaron.",
        "Ein Teil der Ware, die dir schon bezahlt wurde, war nicht im Paket.",
        "Une partie des articles qui vous ont été payés manquait dans le colis.",
    ),
    "not_returned": (
        "The goods you were paid for did not arrive.",
        "Los artículos que ya se te pagaron no han llegado.",
        "Die Ware, die dir schon bezahlt wurde, ist nicht angekommen.",
        "Les articles qui vous ont été payés ne sont pas arrivés.",
    ),
    "changed_mind": (
        "You keep goods you were paid for.",
        "Te quedas con artículos que ya se te pagaron.",
        "Du behältst Ware, die dir schon bezahlt wurde.",
        "Vous gardez des articles qui vous ont été payés.",
    ),
}
STATUSES: dict[str, Words] = {
    "open": (
        "You may object until {date}. Nothing is charged before.",
        "Puedes oponerte hasta el {date}. Antes no se cobra nada.",
        "Du kannst bis zum {date} widersprechen. Vorher wird nichts abgebucht.",
        "Vous pouvez vous y opposer jusqu'au {date}. Rien n'est prélevé avant.",
    ),
    "notified": (
        "{amount} will be charged to your saved card, at the earliest on {charge_date}.",
        "Se cobrarán {amount} en tu tarjeta guardada, como pronto el {charge_date}.",
        "{amount} werden von deiner gespeicherten Karte abgebucht, frühestens am {charge_date}.",
        "{amount} seront prélevés sur votre carte enregistrée, au plus tôt le {charge_date}.",
    ),
    "collecting": (
        "The payment is being made.",
        "El pago está en curso.",
        "Die Zahlung läuft.",
        "Le paiement est en cours.",
    ),
    "failed": (
        "The payment did not go through. You can pay {amount} by a link.",
        "El pago no se completó. Puedes pagar {amount} con un enlace.",
        "Die Zahlung hat nicht geklappt. Du kannst {amount} über einen Link bezahlen.",
        "Le paiement n'a pas abouti. Vous pouvez payer {amount} par un lien.",
    ),
    "recovered": ("It is paid.", "Está pagado.", "Es ist bezahlt.", "C'est payé."),
    "disputed": (
        "The store looks at what you said. Nothing is charged meanwhile.",
        "La tienda revisa lo que has dicho. Mientras tanto no se cobra nada.",
        "Der Shop prüft, was du gesagt hast. Solange wird nichts abgebucht.",
        "La boutique examine ce que vous avez dit. Rien n'est prélevé entre-temps.",
    ),
    "written_off": (
        "Nothing more is charged.",
        "No se cobra nada más.",
        "Es wird nichts mehr abgebucht.",
        "Rien de plus n'est prélevé.",
    ),
    "closed": (
        "Nothing is owed. What you paid goes back to you.",
        "No debes nada. Lo que pagaste se te devuelve.",
        "Du schuldest nichts. Was du bezahlt hast, bekommst du zurück.",
        "Vous ne devez rien. Ce que vous avez payé vous est rendu.",
    ),
}
