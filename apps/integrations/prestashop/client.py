"""Calls to one shop's webservice: answers are JSON, what is written is XML in every version."""

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from apps.core import http
from apps.core.addresses import public_address
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.reading import segment

PEER = "prestashop"
# A webservice call starts the whole shop; 30 to 60 s are common on small hosts.
LIMITS = http.Limits(read=45, total=90)
# A method that the key lacks for a resource is told as one that does not exist.
NO_ACCESS = (401, 403, 405)
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

# Text, or texts by the id of their language.
type Value = str | int | Mapping[str, str]


class Client:
    """Raises AccessLost, Declined for what the shop found wrong with the call, else HttpError."""

    def __init__(self, domain: str, key: str) -> None:
        pair = base64.b64encode(f"{key}:".encode()).decode()
        self._http = http.HttpClient(
            peer=PEER,
            base_url=domain if "://" in domain else f"https://{domain}",
            headers={"Authorization": f"Basic {pair}"},
            limits=LIMITS,
            resolve=public_address,
        )

    def rows(
        self, resource: str, filters: Mapping[str, str] | None = None, **params: str
    ) -> list[Mapping[str, Any]]:
        """Whole records; an empty list comes as `[]` where an object is promised."""
        asked = {f"filter[{name}]": value for name, value in (filters or {}).items()}
        answer = self._ask(
            "GET", resource, {"output_format": "JSON", "display": "full", **asked, **params}
        ).json()
        found = answer.get(resource) if isinstance(answer, dict) else answer
        if not isinstance(found, list):
            raise http.Unreadable(PEER, "a list was asked for")
        return found

    def among(self, resource: str, name: str, values: Iterable[str]) -> list[Mapping[str, Any]]:
        """Records whose field is one of the values; asks nothing for none."""
        wanted = sorted({each for each in values if each not in ("", "0")})
        return self.rows(resource, {name: f"[{'|'.join(wanted)}]"}) if wanted else []

    def create(self, resource: str, singular: str, fields: Mapping[str, Value]) -> Any:
        """The record as it was made."""
        return self._write("POST", resource, singular, fields)

    def replace(self, resource: str, singular: str, fields: Mapping[str, Value]) -> Any:
        """The whole record: what is not sent is emptied."""
        path = f"{resource}/{segment(str(fields['id']))}"
        return self._write("PUT", path, singular, fields)

    def delete(self, resource: str, key: str) -> None:
        self._ask("DELETE", f"{resource}/{segment(key)}", {})

    def _write(self, method: str, path: str, singular: str, fields: Mapping[str, Value]) -> Any:
        body = xml(singular, fields)
        answer = self._ask(method, path, {"output_format": "JSON"}, body).json()
        record = answer.get(singular) if isinstance(answer, dict) else None
        if not isinstance(record, dict):
            raise http.Unreadable(PEER, "the record was asked for")
        return record

    def _ask(
        self, method: str, path: str, params: Mapping[str, str], body: bytes | None = None
    ) -> http.Answer:
        headers = {} if body is None else {"Content-Type": "text/xml; charset=utf-8"}
        call = http.Call(
            method=method, path=f"api/{path}", params=params, headers=headers, content=body
        )
        try:
            return self._http.send(call)
        except http.BadStatus as bad:
            raise _verdict(bad) from bad


def xml(singular: str, fields: Mapping[str, Value]) -> bytes:
    root = ET.Element("prestashop")
    record = ET.SubElement(root, singular)
    for name, value in fields.items():
        field = ET.SubElement(record, name)
        if isinstance(value, Mapping):
            for language, text in value.items():
                ET.SubElement(field, "language", id=language).text = NOT_IN_XML.sub("", text)
        else:
            field.text = NOT_IN_XML.sub("", str(value))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _verdict(bad: http.BadStatus) -> Exception:
    """A 500 may be a wrong field or half a job: nobody knows. HTML is never PrestaShop's own."""
    if bad.status in NO_ACCESS and not bad.answer.text.lstrip().startswith("<html"):
        return AccessLost()
    try:
        body = bad.answer.json()
        code = str(body["errors"][0]["code"])
    except (http.Unreadable, KeyError, IndexError, TypeError):
        return bad
    return Declined(f"error_{code}") if bad.status in (400, 404, 422) else bad
