"""The words of invoices and credit notes; those that the law asks for stand in `calculator/vat.py`.

A German `Gutschrift` is a document of the buyer's by § 14 UStG, a Spanish credit note is a `factura
rectificativa` by article 15 of Royal Decree 1619/2012.
"""

from collections.abc import Mapping

from apps.billing import choices
from apps.core.words import Words

Fee, Kind = choices.Fee.Kind, choices.Invoice.Kind

TITLES: Mapping[str, Words] = {
    Kind.INVOICE: ("Invoice", "Factura", "Rechnung", "Facture"),
    Kind.CREDIT_NOTE: ("Credit note", "Factura rectificativa", "Rechnungskorrektur", "Avoir"),
}
LINES: Mapping[str, Words] = {
    Fee.PLAN: ("Plan", "Plan", "Tarif", "Forfait"),
    Fee.REQUEST: (
        "Return requests",
        "Solicitudes de devolución",
        "Rückgabeanfragen",
        "Demandes de retour",
    ),
    Fee.INSTANT: (
        "Instant refunds",
        "Reembolsos instantáneos",
        "Sofortauszahlungen",
        "Remboursements immédiats",
    ),
    Fee.LOGISTICS: (
        "Return labels",
        "Etiquetas de devolución",
        "Rücksendeetiketten",
        "Étiquettes de retour",
    ),
    Fee.TOP_UP: (
        "Top-up to the monthly minimum",
        "Complemento hasta el mínimo mensual",
        "Aufstockung auf den monatlichen Mindestbetrag",
        "Complément au minimum mensuel",
    ),
    Fee.CARRIED: (
        "Credit carried to the next month",
        "Abono trasladado al mes siguiente",
        "Übertrag des Guthabens in den nächsten Monat",
        "Crédit reporté au mois suivant",
    ),
    Fee.CREDIT: ("Credit", "Abono", "Guthaben", "Crédit"),
    Fee.DISBURSEMENT: (
        "Advances paid to shoppers",
        "Anticipos pagados a compradores",
        "An Käufer gezahlte Vorschüsse",
        "Avances versées aux acheteurs",
    ),
    Fee.REIMBURSED: (
        "Goods paid for and not returned",
        "Artículos pagados y no devueltos",
        "Bezahlte und nicht zurückgegebene Waren",
        "Articles payés et non retournés",
    ),
    Fee.TAKEN_BACK: (
        "Reimbursements taken back",
        "Reintegros anulados",
        "Zurückgenommene Erstattungen",
        "Compensations reprises",
    ),
    Fee.PAID_OUT: (
        "Transferred to you",
        "Transferido a usted",
        "An Sie überwiesen",
        "Viré sur votre compte",
    ),
}
MADE: Mapping[str, Words] = {
    "plan": (
        "Plan {plan}, {month}",
        "Plan {plan}, {month}",
        "Tarif {plan}, {month}",
        "Forfait {plan}, {month}",
    ),
    "part": (
        ", {days} of {all} days",
        ", {days} de {all} días",
        ", {days} von {all} Tagen",
        ", {days} jours sur {all}",
    ),
    "carried": (
        "Credit carried from {month}",
        "Abono trasladado de {month}",
        "Übertragenes Guthaben aus {month}",
        "Crédit reporté de {month}",
    ),
    "credit": ("Credit: {reason}", "Abono: {reason}", "Guthaben: {reason}", "Crédit : {reason}"),
}
TEXTS: Mapping[str, Words] = {
    "for": (
        "{title} for {buyer}",
        "{title} para {buyer}",
        "{title} für {buyer}",
        "{title}, {buyer}",
    ),
    "continued": ("continued", "continuación", "Fortsetzung", "suite"),
    "page": (
        "Page {page} of {pages}",
        "Página {page} de {pages}",
        "Seite {page} von {pages}",
        "Page {page} sur {pages}",
    ),
    "reason": ("Reason: {reason}", "Motivo: {reason}", "Grund: {reason}", "Motif : {reason}"),
    "buyer": ("Bill to", "Cliente", "Rechnung an", "Facturé à"),
    "seller": ("From", "Emisor", "Von", "Émetteur"),
    "code": ("Number", "Número", "Nummer", "Numéro"),
    "issued_on": ("Date of issue", "Fecha de emisión", "Ausgestellt am", "Date d'émission"),
    "due_on": ("Due date", "Vencimiento", "Fällig am", "Échéance"),
    "period": ("Billing period", "Periodo facturado", "Abrechnungszeitraum", "Période facturée"),
    "original": (
        "Credits invoice",
        "Rectifica la factura",
        "Korrigiert Rechnung",
        "Avoir sur facture",
    ),
    "vat_number": (
        "VAT number {number}",
        "NIF-IVA {number}",
        "USt-IdNr. {number}",
        "N° de TVA {number}",
    ),
    "description": ("Description", "Descripción", "Beschreibung", "Désignation"),
    "quantity": ("Quantity", "Cantidad", "Menge", "Quantité"),
    "unit_price": ("Unit price", "Precio unitario", "Einzelpreis", "Prix unitaire"),
    "vat": ("VAT", "IVA", "USt.", "TVA"),
    "amount": (
        "Amount ({currency})",
        "Importe ({currency})",
        "Betrag ({currency})",
        "Montant ({currency})",
    ),
    "no_vat": ("no VAT", "sin IVA", "ohne USt.", "hors TVA"),
    "vat_rate": ("VAT rate", "Tipo de IVA", "USt.-Satz", "Taux de TVA"),
    "base": ("Base", "Base imponible", "Grundlage", "Base"),
    "net": ("Net", "Base", "Netto", "Total HT"),
    "total": ("Total due", "Total a pagar", "Gesamtbetrag", "Total à payer"),
    "credited": ("Total credited", "Total abonado", "Gutgeschrieben", "Total crédité"),
    "payment": ("Payment", "Pago", "Zahlung", "Paiement"),
    "notes": ("Notes", "Notas", "Hinweise", "Mentions"),
    "set_off": (
        "Set off against what is unpaid of invoice {code};",
        "Se compensa con lo pendiente de la factura {code};",
        "Wird mit dem offenen Betrag der Rechnung {code} verrechnet;",
        "Imputé sur le solde impayé de la facture {code} ;",
    ),
    "paid_back": (
        "what was paid already is transferred back.",
        "lo que ya se pagó se devuelve por transferencia.",
        "bereits Gezahltes wird zurücküberwiesen.",
        "ce qui a déjà été payé est remboursé par virement.",
    ),
    "nothing": (
        "Nothing is to be paid.",
        "No hay nada que pagar.",
        "Es ist nichts zu zahlen.",
        "Il n'y a rien à payer.",
    ),
    "paid_out": (
        "{amount} will be transferred to you.",
        "Se le transferirán {amount}.",
        "{amount} werden Ihnen überwiesen.",
        "{amount} vous seront virés.",
    ),
    "debit": (
        "SEPA direct debit",
        "Adeudo directo SEPA",
        "SEPA-Lastschrift",
        "Prélèvement SEPA",
    ),
    "collected": (
        "{amount} will be collected on or after {day}.",
        "Se cobrarán {amount} a partir del {day}.",
        "{amount} werden frühestens am {day} eingezogen.",
        "{amount} seront prélevés à partir du {day}.",
    ),
    "mandate": ("Mandate {id}", "Mandato {id}", "Mandat {id}", "Mandat {id}"),
    "creditor": (
        "Creditor identifier {id}",
        "Identificador del acreedor {id}",
        "Gläubiger-Identifikationsnummer {id}",
        "Identifiant du créancier {id}",
    ),
    "transfer": ("Bank transfer", "Transferencia bancaria", "Überweisung", "Virement bancaire"),
    "please": (
        "Please pay {amount} by {day}.",
        "Pague {amount} antes del {day} inclusive.",
        "Bitte zahlen Sie {amount} bis zum {day}.",
        "Veuillez payer {amount} avant le {day} inclus.",
    ),
    "reference": (
        "Reference {code}",
        "Concepto {code}",
        "Verwendungszweck {code}",
        "Référence {code}",
    ),
}
COUNTRIES: Mapping[str, Words] = {
    "AD": ("Andorra", "Andorra", "Andorra", "Andorre"),
    "AT": ("Austria", "Austria", "Österreich", "Autriche"),
    "BE": ("Belgium", "Bélgica", "Belgien", "Belgique"),
    "BG": ("Bulgaria", "Bulgaria", "Bulgarien", "Bulgarie"),
    "CH": ("Switzerland", "Suiza", "Schweiz", "Suisse"),
    "CY": ("Cyprus", "Chipre", "Zypern", "Chypre"),
    "CZ": ("Czechia", "Chequia", "Tschechien", "Tchéquie"),
    "DE": ("Germany", "Alemania", "Deutschland", "Allemagne"),
    "DK": ("Denmark", "Dinamarca", "Dänemark", "Danemark"),
    "EE": ("Estonia", "Estonia", "Estland", "Estonie"),
    "ES": ("Spain", "España", "Spanien", "Espagne"),
    "FI": ("Finland", "Finlandia", "Finnland", "Finlande"),
    "FR": ("France", "Francia", "Frankreich", "France"),
    "GB": ("United Kingdom", "Reino Unido", "Vereinigtes Königreich", "Royaume-Uni"),
    "GR": ("Greece", "Grecia", "Griechenland", "Grèce"),
    "HR": ("Croatia", "Croacia", "Kroatien", "Croatie"),
    "HU": ("Hungary", "Hungría", "Ungarn", "Hongrie"),
    "IE": ("Ireland", "Irlanda", "Irland", "Irlande"),
    "IT": ("Italy", "Italia", "Italien", "Italie"),
    "LT": ("Lithuania", "Lituania", "Litauen", "Lituanie"),
    "LU": ("Luxembourg", "Luxemburgo", "Luxemburg", "Luxembourg"),
    "LV": ("Latvia", "Letonia", "Lettland", "Lettonie"),
    "MT": ("Malta", "Malta", "Malta", "Malte"),
    "MX": ("Mexico", "México", "Mexiko", "Mexique"),
    "NL": ("Netherlands", "Países Bajos", "Niederlande", "Pays-Bas"),
    "NO": ("Norway", "Noruega", "Norwegen", "Norvège"),
    "PL": ("Poland", "Polonia", "Polen", "Pologne"),
    "PT": ("Portugal", "Portugal", "Portugal", "Portugal"),
    "RO": ("Romania", "Rumanía", "Rumänien", "Roumanie"),
    "SE": ("Sweden", "Suecia", "Schweden", "Suède"),
    "SI": ("Slovenia", "Eslovenia", "Slowenien", "Slovénie"),
    "SK": ("Slovakia", "Eslovaquia", "Slowakei", "Slovaquie"),
    "US": ("United States", "Estados Unidos", "Vereinigte Staaten", "États-Unis"),
}
