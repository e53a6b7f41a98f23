"""Words of addresses by language, folded and without their dots."""

from collections.abc import Mapping


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPANISH = _set(
    "calle c/ c cl avenida avda avd av plaza plza pza pl paseo pso p° po carrer carretera "
    "ctra camino cno ronda "
    "travesia trav trva gran rambla rua urbanizacion urb poligono pol glorieta cuesta "
    "passeig pg avinguda "
    "placa callejon pasaje via vial bulevar costanilla"
)
SPANISH_UNITS = _set(
    "piso planta puerta pta esc escalera bloque blq bl portal ptal apto apt apartamento "
    "izq izda izqda "
    "izquierda dcha der derecha bajo bajos atico entresuelo entlo principal local nave "
    "edificio edif "
    "residencial residencia centro urbanizacion urb oficina of km parcela chalet casa int interior"
)
FRENCH = _set(
    "rue r avenue av ave boulevard bd bvd blvd bld place pl chemin ch allee allees "
    "impasse imp quai route rte "
    "cours square sq passage faubourg fbg sentier esplanade chaussee clos drève dreve "
    "venelle promenade "
)
FRENCH_UNITS = _set(
    "appt app appartement apt bat batiment esc escalier etage residence res entree porte "
    "lotissement bte "
    "boite rdc rez hall interphone zi za zac lieu-dit"
)
GERMAN = _set("am an auf im in unter alte alter neue zum zur strasse str hinter")
GERMAN_UNITS = _set(
    "stock og eg ug wohnung whg hinterhaus hh vorderhaus vh aufgang apartment app etage "
    "links rechts "
    "haus dg ot block gebaude halle seitenflugel"
)
ITALIAN = _set(
    "via viale v.le piazza p.za p.zza pza corso c.so largo vicolo strada piazzale "
    "lungotevere lungarno contrada "
    "salita borgo localita loc frazione fraz fondamenta calle vico traversa"
)
ITALIAN_UNITS = _set(
    "scala int interno piano palazzina pal edificio edif appartamento app citofono "
    "isolato lotto sc frazione "
    "fraz localita loc presso"
)
PORTUGUESE = _set(
    "rua r avenida av praca pca largo lg travessa tv trav estrada estr alameda calcada "
    "beco praceta "
    "urbanizacao urb quinta rotunda escadinhas caminho"
)
PORTUGUESE_UNITS = _set(
    "andar dto direito esq esquerdo frente fte tras r/c rc cave loja lj bloco lote lt "
    "apartamento apt fracao "
    "edificio edif sala porta torre bairro urbanizacao urb cv"
)
ENGLISH = _set(
    "street st road rd lane ln avenue ave av close cl drive dr court ct crescent cres way "
    "place pl terrace "
    "gardens gdns grove square sq hill row mews walk green parade broadway rise view park "
    "wharf gate boulevard "
    "blvd highway hwy parkway pkwy circle cir trail trl loop pike route quay crossing "
    "embankment bypass "
)
ENGLISH_UNITS = _set(
    "flat flt apartment apt unit suite ste floor fl room rm building bldg block house "
    "level office studio "
    "basement lot cottage # penthouse ph"
)
DUTCH = _set("straat laan weg plein")
DUTCH_UNITS = _set("bus verdieping etage kamer unit appartement app gebouw toevoeging bus. huis hs")
POLISH = _set("ul ulica al aleja aleje pl plac os osiedle rynek")
POLISH_UNITS = _set("m lok lokal mieszkanie mieszk klatka kl pietro blok budynek bud")

# Behind a street: which end of it.
DIRECTIONS = _set("n s e w ne nw se sw north south east west")
MONTHS = _set(
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre "
    "januar februar marz juni juli oktober dezember "
    "janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro "
    "maja listopada stycznia sierpnia de di do du"
)
CARE = (
    "c/o", "c\\o", "co/", "z.hd.", "z. hd.", "zhd", "a/a", "att.", "att:", "attn", "chez",
    "presso", "all'attenzione", "t.a.v.", "tav", "a/c", "ao cuidado", "u:", "p/a", "bei",
)  # fmt: skip
BOXES = (
    r"p\.? ?o\.? ?box", r"post office box", r"apartado(?: de correos| postal)?",
    r"apdo\.?(?: de correos)?",
    r"b\.? ?p\.?", r"bo[iî]te postale", r"postfach", r"casella postale", r"postbus",
    r"skrytka pocztowa", r"skr\.? ?poczt\.?", r"c\.?s\.?",
)  # fmt: skip

# As an address may end; the first is how people at home say it.
NAMES: Mapping[str, tuple[str, ...]] = {
    "ES": ("espana", "spain", "espagne", "spanien", "spagna", "espanha", "spanje", "hiszpania"),
    "FR": ("france", "francia", "frankreich", "franca", "frankrijk", "francja"),
    "DE": ("deutschland", "germany", "alemania", "allemagne", "germania", "duitsland", "niemcy"),
    "IT": ("italia", "italy", "italie", "italien", "wlochy"),
    "PT": ("portugal", "portogallo", "portugalia"),
    "GB": (
        "united kingdom", "great britain", "england", "scotland", "wales", "uk", "u.k",
        "northern ireland",
        "reino unido", "royaume-uni", "grossbritannien", "vereinigtes konigreich", "regno unito",
    ),
    "NL": (
        "nederland", "netherlands", "the netherlands", "holland", "paises bajos", "pays-bas",
        "niederlande", "paesi bassi", "holandia",
    ),
    "BE": ("belgie", "belgique", "belgium", "belgica", "belgien", "belgio", "belgia"),
    "PL": ("polska", "poland", "polonia", "pologne", "polen"),
    "US": (
        "united states of america", "united states", "usa", "u.s.a", "us", "estados unidos",
        "etats-unis", "ee.uu", "vereinigte staaten",
    ),
}  # fmt: skip
CODES = {**{code: code for code in NAMES}, "UK": "GB", "USA": "US"}
NAMED = {name: code for code, names in NAMES.items() for name in names}

# Blanks inside a name stand as `~`.
COUNTIES = frozenset(
    each.replace("~", " ")
    for each in _set(
        "bedfordshire berkshire buckinghamshire cambridgeshire cheshire cornwall cumbria "
        "derbyshire devon dorset county~durham east~sussex essex gloucestershire "
        "greater~london greater~manchester hampshire herefordshire hertfordshire kent "
        "lancashire leicestershire lincolnshire merseyside middlesex norfolk north~yorkshire "
        "northamptonshire northumberland nottinghamshire oxfordshire shropshire somerset "
        "south~yorkshire staffordshire suffolk surrey tyne~and~wear warwickshire "
        "west~midlands west~sussex west~yorkshire wiltshire worcestershire midlothian fife "
        "aberdeenshire county~antrim county~down gwynedd powys"
    )
)
