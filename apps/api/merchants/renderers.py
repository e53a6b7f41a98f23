"""Files out, for callers whose Accept asks for no JSON."""

from apps.api.common.renderers import OrjsonRenderer


class XmlRenderer(OrjsonRenderer):
    """The view sets the file's bytes itself; what is rendered are problems, and they are JSON."""

    media_type = "application/xml"
    format = "xml"


class PdfRenderer(XmlRenderer):
    media_type = "application/pdf"
    format = "pdf"


class CsvRenderer(XmlRenderer):
    media_type = "text/csv"
    format = "csv"
