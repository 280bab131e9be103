"""A figure as SVG and as PDF: text as text in real fonts, pictures of cells as one crisp image, all else as lines."""

from __future__ import annotations

import re
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from app.export.image import Figure, card_text, paint
from app.export.page import POINTS_PER_INCH, Page
from app.export.pdf_text import spaces_named

FINENESS = 600  # pixels to an inch of the images within: what printers print
CARD_FILE = "attnscope.json"  # the card within a PDF
_GENERIC = re.compile(r'font-family="([^"]*)"')
_IMAGE = re.compile(r'image-rendering="optimizeSpeed"')


def svg_bytes(figure: Figure, page: Page) -> bytes:
    """The figure as SVG 1.1, in millimetres; fonts are named, not embedded."""
    scale = FINENESS / page.units_per_inch
    buffer = _opened()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(FINENESS)
    size = QSize(round(page.width * FINENESS), round(page.height * FINENESS))
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(figure.title or "Attnscope")
    generator.setDescription(figure.told or figure.caption)
    painter = QPainter(generator)
    painter.scale(scale, scale)
    paint(figure, painter, QRectF(0, 0, size.width() / scale, size.height() / scale))
    painter.end()
    return _finished_svg(_content(buffer).decode("utf-8"), figure).encode("utf-8")


def _finished_svg(text: str, figure: Figure) -> str:
    """A generic family where a font is not installed, cells that stay sharp in browsers, and the card."""
    text = _GENERIC.sub(lambda found: f'font-family="{found[1]},sans-serif"', text)
    text = _IMAGE.sub('image-rendering="optimizeSpeed" style="image-rendering:pixelated"', text)
    card = f'<metadata id="attnscope">{escape(card_text(figure), quote=False)}</metadata>\n<defs>'
    return text.replace("<defs>", card, 1)


def pdf_bytes(figure: Figure, page: Page) -> bytes:
    """The figure as one page of PDF, its fonts embedded, its card attached and in the document's properties."""
    buffer = _opened()
    writer = QPdfWriter(buffer)
    writer.setResolution(FINENESS)
    paper = QSizeF(round(page.width * POINTS_PER_INCH), round(page.height * POINTS_PER_INCH))  # Qt knows whole ones
    exactly = QPageSize(paper, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(exactly, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    writer.setTitle(figure.title or "Attnscope")
    writer.setCreator("Attnscope")
    card = card_text(figure)
    writer.addFileAttachment(CARD_FILE, QByteArray(card.encode("utf-8")), "application/json")
    writer.setDocumentXmpMetadata(QByteArray(_xmp(figure, card).encode("utf-8")))
    scale = FINENESS / page.units_per_inch
    painter = QPainter(writer)
    painter.scale(scale, scale)
    unit = page.units_per_inch / POINTS_PER_INCH
    paint(figure, painter, QRectF(0, 0, paper.width() * unit, paper.height() * unit))
    painter.end()
    return spaces_named(_content(buffer))


def _xmp(figure: Figure, card: str) -> str:
    """Title, description and card as XMP, which every reader of documents knows."""

    def default(words: str) -> str:
        return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(words)}</rdf:li></rdf:Alt>'

    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:attnscope="urn:attnscope:">'
        f"<dc:title>{default(figure.title or 'Attnscope')}</dc:title>"
        f"<dc:description>{default(figure.told or figure.caption)}</dc:description>"
        "<xmp:CreatorTool>Attnscope</xmp:CreatorTool>"
        f"<attnscope:card>{escape(card)}</attnscope:card>"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    )


def _opened() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _content(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())
