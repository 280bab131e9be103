"""A paint device that keeps the words painted on it: what a file must hold, told by neither PDF nor SVG."""

from collections.abc import Callable

from PySide6.QtGui import QPaintDevice, QPaintEngine, QPainter

from app.export.image import Figure, paint


class _Engine(QPaintEngine):
    def __init__(self):
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.texts = []

    def begin(self, device):
        return True

    def end(self):
        return True

    def updateState(self, state):
        pass

    def type(self):
        return QPaintEngine.Type.Picture  # shapes stay shapes

    def drawTextItem(self, place, item):
        self.texts.append(item.text())

    def drawPixmap(self, *rest):
        pass

    def drawImage(self, *rest):
        pass

    def drawPath(self, path):
        pass

    def drawPolygon(self, *rest):
        pass


class _Device(QPaintDevice):
    def __init__(self, width, height):
        super().__init__()
        self.engine, self.size = _Engine(), (width, height)

    def paintEngine(self):
        return self.engine

    def metric(self, which):
        sides = {QPaintDevice.PaintDeviceMetric.PdmWidth: 0, QPaintDevice.PaintDeviceMetric.PdmHeight: 1}
        if which in sides:
            return int(self.size[sides[which]])
        if which == QPaintDevice.PaintDeviceMetric.PdmDevicePixelRatio:
            return 1
        if which == QPaintDevice.PaintDeviceMetric.PdmDevicePixelRatioScaled:
            return int(QPaintDevice.devicePixelRatioFScale())
        return 96


def words_of(figure: Figure, rect) -> str:
    """All words of the figure, in the order they are painted."""
    return " ".join(texts_of(lambda painter: paint(figure, painter, rect), rect))


def texts_of(draw: Callable[[QPainter], None], rect) -> list[str]:
    """What is painted, in pieces of one font each."""
    device = _Device(rect.width(), rect.height())
    painter = QPainter(device)
    draw(painter)
    painter.end()
    return device.engine.texts
