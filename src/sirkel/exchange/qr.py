"""QR codes as plain drawings that a strict page accepts and a printer keeps sharp."""

import io
from dataclasses import dataclass
from html import escape

import segno

from sirkel.exchange.text import clean_line

QUIET_ZONE = 4  # modules, ISO/IEC 18004


@dataclass(frozen=True)
class QrDrawing:
    """A QR code as one SVG path on a square of ``size`` modules, the quiet zone included."""

    size: int
    path: str


def qr_drawing(text: str) -> QrDrawing:
    """Return a QR code of the text for a template to draw: black on white, whatever the page's colours.

    Error level M or better, as `qr_svg`. Raises `ValueError` for empty text and for text that no QR
    code holds (over about 2,300 bytes).
    """
    if not text:
        raise ValueError("A QR code needs a text")
    code = segno.make(text, error="m", boost_error=True, micro=False)
    modules = [bytes(row) for row in code.matrix]
    return QrDrawing(size=len(modules) + 2 * QUIET_ZONE, path=_path(modules))


def qr_svg(text: str, *, title: str) -> str:
    """Return a QR code of the text as one `<svg>` element, to set inline in a page or in a document.

    Error level M or better: a higher level is taken where the code stays the same size. The drawing has no
    style, script or id; size and colour belong to the classes `qr`, `qr__paper` and `qr__ink`. Without a style
    sheet it is black on white, also on a dark page, since many phones cannot read the reverse. `title` is its
    text alternative and must say what the code leads to. Raises `ValueError` for empty text or title and for
    text that no QR code holds (over about 2,300 bytes).
    """
    name = clean_line(title)
    if not text or not name:
        raise ValueError("A QR code needs a text and a title")
    drawing = qr_drawing(text)
    size = drawing.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {size} {size}" role="img" '
        f'shape-rendering="crispEdges"><title>{escape(name)}</title>'
        f'<path class="qr__paper" fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path class="qr__ink" fill="#000" d="{drawing.path}"/></svg>'
    )


def qr_png(text: str) -> bytes:
    """Return a QR code of the text as a picture of twelve dots a module, for formats that draw no paths.

    Error level M or better, as `qr_svg`. Raises `ValueError` for empty text and for text that no QR code holds.
    """
    if not text:
        raise ValueError("A QR code needs a text")
    picture = io.BytesIO()
    segno.make(text, error="m", boost_error=True, micro=False).save(
        picture, kind="png", scale=12, border=QUIET_ZONE
    )
    return picture.getvalue()


def _path(modules: list[bytes]) -> str:
    """Draw each run of dark modules in a row as one rectangle."""
    drawn = []
    for y, row in enumerate(modules, start=QUIET_ZONE):
        x = 0
        while (x := row.find(1, x)) >= 0:
            end = row.find(0, x)
            end = len(row) if end < 0 else end
            drawn.append(f"M{x + QUIET_ZONE} {y}h{end - x}v1h-{end - x}z")
            x = end
    return "".join(drawn)
