"""The merchant's statement: opening, every movement and closing of each account, in three forms."""

from datetime import datetime

from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.common.operations import operation
from apps.api.common.renderers import OrjsonRenderer
from apps.api.merchants.forms.ledger import StatementForm
from apps.api.merchants.renderers import CsvRenderer, PdfRenderer
from apps.api.merchants.shapes.statements import statement_shape
from apps.api.merchants.statement_serializers import StatementDocumentSerializer
from apps.api.merchants.views.ledger import LedgerView
from apps.billing import services
from apps.billing.modules.documents.books import Statement, csv_of
from apps.billing.modules.documents.statement import draw
from apps.billing.services.statements import StatementTooLong


class StatementFile(LedgerView):
    def statement(self) -> Statement:
        period = self.judge_query(StatementForm)
        return services.statement_of(self.merchant, period.since, period.until)


class StatementDocumentView(StatementFile):
    @operation(
        "Read a statement with its movements",
        query=StatementForm,
        shows={200: StatementDocumentSerializer},
        refusals=[StatementTooLong],
    )
    def get(self, request: Request) -> Response:
        """`from` included, `to` not, 366 days and 10,000 movements at most."""
        return self.show(statement_shape(self.statement()))


class StatementCsvView(StatementFile):
    http_method_names = ["get"]
    renderer_classes = [CsvRenderer, OrjsonRenderer]

    @operation(
        "Download a statement as CSV",
        query=StatementForm,
        shows={(200, CsvRenderer.media_type): OpenApiTypes.BINARY},
        refusals=[StatementTooLong],
    )
    def get(self, request: Request) -> Response:
        """A row for each movement, between the opening and the closing of its account."""
        statement = self.statement()
        return _file(csv_of(statement), CsvRenderer.media_type, f"{_named(statement)}.csv")


class StatementPdfView(StatementFile):
    http_method_names = ["get"]
    renderer_classes = [PdfRenderer, OrjsonRenderer]

    @operation(
        "Download a statement as PDF",
        query=StatementForm,
        shows={(200, PdfRenderer.media_type): OpenApiTypes.BINARY},
        refusals=[StatementTooLong],
    )
    def get(self, request: Request) -> Response:
        statement = self.statement()
        return _file(draw(statement), PdfRenderer.media_type, f"{_named(statement)}.pdf")


def _named(statement: Statement) -> str:
    return f"statement-{_day(statement.since)}-{_day(statement.until)}"


def _day(at: datetime) -> str:
    return f"{at:%Y%m%d}"


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response()
    response.content = content
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
