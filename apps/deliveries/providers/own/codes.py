"""The two codes on a label, drawn as vectors so that every printer keeps them sharp."""

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

QUIET_MODULES = 20
# Wider bars only waste ink and paper.
WIDEST_BAR = 0.6 * mm


def draw_code128(
    canvas: Canvas, value: str, middle: float, bottom: float, width: float, height: float
) -> None:
    """Centred on `middle`, as wide as fits into `width` with its quiet zones."""
    modules = Code128(value, barWidth=1, quiet=False).width + QUIET_MODULES
    bar = min(WIDEST_BAR, width / modules)
    code = Code128(value, barWidth=bar, barHeight=height, quiet=False)
    code.drawOn(canvas, middle - code.width / 2, bottom)


def draw_qr(canvas: Canvas, value: str, left: float, bottom: float, size: float) -> None:
    """A square of `size`, its quiet zone of four modules included; 15 % of it may be damaged."""
    widget = QrCodeWidget(value, barLevel="M", barBorder=4)
    x, y, right, top = widget.getBounds()
    drawing = Drawing(size, size, transform=[size / (right - x), 0, 0, size / (top - y), 0, 0])
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, left, bottom)
