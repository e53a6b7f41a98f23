"""The words of letters about unpaid invoices, by step."""

from collections.abc import Mapping

from apps.billing import choices
from apps.core.words import Words

Dunning = choices.Invoice.Dunning

SUBJECTS: Mapping[str, Words] = {
    Dunning.REMINDER_1: (
        "Invoice {code} is unpaid",
        "La factura {code} está pendiente de pago",
        "Die Rechnung {code} ist offen",
        "La facture {code} est impayée",
    ),
    Dunning.REMINDER_2: (
        "Invoice {code} is still unpaid",
        "La factura {code} sigue pendiente de pago",
        "Die Rechnung {code} ist noch immer offen",
        "La facture {code} est toujours impayée",
    ),
    Dunning.FINAL: (
        "Invoice {code} is unpaid: final notice",
        "La factura {code} está pendiente de pago: último aviso",
        "Die Rechnung {code} ist offen: letzte Mahnung",
        "La facture {code} est impayée : dernier avis",
    ),
    Dunning.SUSPENDED: (
        "Invoice {code} is unpaid: your account is suspended",
        "La factura {code} está pendiente de pago: su cuenta está suspendida",
        "Die Rechnung {code} ist offen: Ihr Konto ist gesperrt",
        "La facture {code} est impayée : votre compte est suspendu",
    ),
}
SENTENCES: Mapping[str, Words] = {
    Dunning.REMINDER_1: (
        "This is a friendly reminder: you may have overlooked it.",
        "Es un recordatorio: quizá se le haya pasado por alto.",
        "Dies ist eine freundliche Erinnerung: vielleicht haben Sie sie übersehen.",
        "Ceci est un simple rappel : elle vous a peut-être échappé.",
    ),
    Dunning.REMINDER_2: (
        "This is our second reminder. Please pay within the next days, or tell us what is wrong.",
        "Es nuestro segundo recordatorio. Pague en los próximos días o díganos qué ocurre.",
        "Dies ist unsere zweite Erinnerung. Bitte zahlen Sie, oder sagen Sie, was nicht stimmt.",
        "Ceci est notre deuxième rappel. Veuillez payer bientôt, ou nous dire ce qui ne va pas.",
    ),
    Dunning.FINAL: (
        "This is our final notice. Without payment instant refunds will be suspended.",
        "Es nuestro último aviso. Sin el pago se suspenderán los reembolsos instantáneos.",
        "Dies ist unsere letzte Mahnung. Ohne Zahlung werden Sofortauszahlungen gesperrt.",
        "Ceci est notre dernier avis. Sans paiement, plus de remboursements immédiats.",
    ),
    Dunning.SUSPENDED: (
        "All notices went by, so your account is suspended until the invoice is paid.",
        "Tras todos los avisos, su cuenta queda suspendida hasta que se pague la factura.",
        "Alle Fristen sind verstrichen: Ihr Konto ist gesperrt, bis die Rechnung bezahlt ist.",
        "Tous les délais sont passés : votre compte est suspendu jusqu'au paiement de la facture.",
    ),
}
PARTS: Mapping[str, Words] = {
    "greeting": ("Dear {buyer},", "Hola, {buyer}:", "Guten Tag, {buyer},", "Bonjour {buyer},"),
    "unpaid": (
        "invoice {code} was due on {day}, {days} days ago; {amount} is unpaid.",
        "la factura {code} venció el {day}, hace {days} días; quedan {amount} por pagar.",
        "die Rechnung {code} war am {day} fällig, vor {days} Tagen; offen sind {amount}.",
        "la facture {code} était à payer le {day}, il y a {days} jours ; {amount} restent dus.",
    ),
    "bank": (
        "IBAN {iban}\nBIC {bic}\nReference {code}\nAmount {amount}",
        "IBAN {iban}\nBIC {bic}\nConcepto {code}\nImporte {amount}",
        "IBAN {iban}\nBIC {bic}\nVerwendungszweck {code}\nBetrag {amount}",
        "IBAN {iban}\nBIC {bic}\nRéférence {code}\nMontant {amount}",
    ),
    "link": (
        "Or pay by card until {until}:\n{url}",
        "O pague con tarjeta hasta el {until}:\n{url}",
        "Oder zahlen Sie mit Karte bis zum {until}:\n{url}",
        "Ou payez par carte jusqu'au {until} :\n{url}",
    ),
    "closing": (
        "The invoice is attached. If you have paid it by now, please ignore this letter.",
        "Adjuntamos la factura. Si ya la ha pagado, ignore este mensaje.",
        "Die Rechnung liegt bei. Haben Sie inzwischen bezahlt, ist dieses Schreiben hinfällig.",
        "La facture est jointe. Si vous l'avez payée entre-temps, ignorez cette lettre.",
    ),
}
