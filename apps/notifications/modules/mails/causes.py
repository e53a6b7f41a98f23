"""Why something is asked back of the shopper, in plain words."""

from apps.core.words import Words

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
