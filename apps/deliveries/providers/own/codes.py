"""The two codes on a label, drawn as vectors so that every printer keeps them sharp."""

from itertools import groupby

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

QUIET_MODULES = 20
QR_BORDER = 4
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
    """A square of `size`, its quiet zone of four modules included; 15 % of it may be damaged.

    One path of runs: ReportLab's widget works the code out twice and draws a shape for each run.
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(value)
    code.make()
    module = size / (code.getModuleCount() + 2 * QR_BORDER)
    path = canvas.beginPath()
    for number, row in enumerate(code.modules):
        top = bottom + size - (number + QR_BORDER) * module
        column = 0
        for is_dark, run in groupby(map(bool, row)):
            count = len(list(run))
            if is_dark:
                x = left + (column + QR_BORDER) * module
                path.rect(x, top - module, count * module, module)
            column += count
    canvas.drawPath(path, stroke=0, fill=1)
