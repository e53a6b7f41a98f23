"""Where a sum that is asked back of the shopper stands."""

from apps.api.returns.texts.words import Words

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
