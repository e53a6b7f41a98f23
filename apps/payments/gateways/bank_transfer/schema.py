"""The ISO 20022 schema of pain.001.001.09, as the sepaxml package ships it."""

from functools import cache
from importlib import resources

from lxml import etree


class FileNotValid(Exception):
    """The file breaks the schema: a fault of the program, so nothing is exported."""


@cache
def _schema() -> "etree.XMLSchema":
    file = resources.files("sepaxml") / "schemas" / "pain.001.001.09.xsd"
    return etree.XMLSchema(etree.fromstring(file.read_bytes()))


def validate(xml: bytes) -> None:
    schema = _schema()
    if not schema.validate(etree.fromstring(xml)):
        raise FileNotValid(str(schema.error_log))
