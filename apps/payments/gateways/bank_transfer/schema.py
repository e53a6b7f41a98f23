"""The ISO 20022 schemas of SEPA files, as the sepaxml package ships them."""

from functools import cache
from importlib import resources

from lxml import etree

TRANSFERS = "pain.001.001.09"


class FileNotValid(Exception):
    """The file breaks the schema: a fault of the program, so nothing is exported."""


@cache
def _schema(name: str) -> "etree.XMLSchema":
    file = resources.files("sepaxml") / "schemas" / f"{name}.xsd"
    return etree.XMLSchema(etree.fromstring(file.read_bytes()))


def validate(xml: bytes, name: str = TRANSFERS) -> None:
    schema = _schema(name)
    if not schema.validate(etree.fromstring(xml)):
        raise FileNotValid(str(schema.error_log))
