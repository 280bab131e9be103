"""Products of matrices, each a line of boxes and signs to one scale, and beside them what is never made."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.colour_ramp import mixed
from widgets.lettering import lettering
from widgets.plots.picture import CENTRE, LegendEntry, Picture, Pointed, ReadoutRow, translate
from widgets.plots.plot_data import ExtentData, ProductsData
from widgets.view_data import Theme

LEAST_SIDE = 14.0  # pixels; a shorter side is drawn so
LEAST_STEP = 4.0  # by which sides below that still differ, in the order of their lengths
GAP, SIGN_GAP, LINE_GAP = 16.0, 32.0, 48.0  # between two matrices, where a sign stands there, and between two lines
MOST_BETWEEN = 28.0  # two rows where there is room
MOST_ROWS = 5  # but where the width leaves no choice


@dataclass(frozen=True)
class _Fit:
    """How the chain fits: pixels per position, matrices in each row, sizes in one or two lines."""

    scale: float
    rows: tuple[tuple[int, ...], ...]
    two_lines: bool


@dataclass(frozen=True)
class Placed:
    """A matrix in its place; ``slot`` is as wide as what is written with it."""

    extent: ExtentData
    box: QRectF
    slot: QRectF
    sign: QRectF
    below: tuple[str, ...]


class ProductsPicture(Picture):
    """Draws a ``ProductsData``."""

    aspects = (1.6, 4.5)

    def __init__(self, data: ProductsData, theme: Theme) -> None:
        super().__init__(theme)
        self.data = data
        small, bold = QFontMetricsF(self.small()), QFontMetricsF(self._bold())
        self._line_height = small.height()
        signed = any(extent.sign for extent in data.extents)
        self._before = [
            max(SIGN_GAP, small.horizontalAdvance(extent.by) + 14) if extent.sign else LINE_GAP if signed else GAP
            for extent in data.extents
        ]
        self._words = {  # the width that a matrix's words need, with its size in one line or two
            two_lines: [
                max(
                    *(small.horizontalAdvance(label) for label in self._labels(extent, two_lines)),
                    0.0,
                    bold.horizontalAdvance(extent.name),
                )
                for extent in data.extents
            ]
            for two_lines in (False, True)
        }
        self._lengths = sorted({side for extent in data.extents for side in (extent.rows, extent.columns)})
        self._fitted: dict[tuple[float, float], _Fit] = {}
        self._laid_out: tuple[QRectF, tuple[list[Placed], _Fit]] | None = None

    def legend(self) -> tuple[LegendEntry, ...]:
        theme = self.theme
        known = (
            LegendEntry(translate("input"), fill_of("input", self.data.colour, theme), "block"),
            LegendEntry(translate("computed"), fill_of("computed", self.data.colour, theme), "block"),
            LegendEntry(translate("output"), fill_of("output", self.data.colour, theme), "block"),
            LegendEntry(translate("never made"), theme.muted, "dashed outline"),
        )
        roles = {extent.role for extent in self.data.extents}
        names = ("input", "computed", "output", "never made")
        return tuple(entry for entry, role in zip(known, names, strict=True) if role in roles)

    def least_height(self, width: float) -> float:
        rows = len(self._fit(QRectF(0, 0, width, 220)).rows)
        return 60.0 + 110.0 * max(1, rows)

    def spoken(self) -> str:
        return ", ".join(f"{extent.name}: {_size(extent)}, {extent.role}" for extent in self.data.extents)

    # Places

    def _line(self) -> float:
        return self._line_height

    def _labels(self, extent: ExtentData, two_lines: bool) -> tuple[str, ...]:
        size = (f"{extent.rows:,}", f"× {extent.columns:,}") if two_lines else (_size(extent),)
        return (*size, translate("never made")) if extent.role == "never made" else size

    def _wide(self, index: int, scale: float, two_lines: bool) -> float:
        """The width of a slot."""
        return max(self._side(self.data.extents[index].columns, scale), self._words[two_lines][index]) + 2

    def _bold(self) -> QFont:
        return lettering(QFont(), self.theme.small_points, bold=True)

    def _side(self, positions: int, scale: float) -> float:
        """A side in pixels; those below the least are told apart by a step, in the order of their lengths."""
        if positions * scale >= LEAST_SIDE:
            return positions * scale
        short = [side for side in self._lengths if side * scale < LEAST_SIDE]
        long = [side * scale for side in self._lengths if side * scale >= LEAST_SIDE]
        return min(LEAST_SIDE + LEAST_STEP * min(short.index(positions), 4), *long[:1], 1e9)

    def _fits(self, rows: tuple[tuple[int, ...], ...], two_lines: bool, scale: float, rect: QRectF) -> bool:
        high = sum(
            max(self._side(self.data.extents[index].rows, scale) for index in row) + self._around(row, two_lines)
            for row in rows
        )
        return high + self._line() <= rect.height() and all(
            self._row_width(row, two_lines, scale) <= rect.width() for row in rows
        )

    def _around(self, row: tuple[int, ...], two_lines: bool) -> float:
        """What a row needs besides its matrices: names above, sizes below, air."""
        below = max(len(self._labels(self.data.extents[index], two_lines)) for index in row)
        return self._line() * (1 + below) + 12

    def _row_width(self, row: tuple[int, ...], two_lines: bool, scale: float) -> float:
        wide = sum(self._wide(index, scale, two_lines) for index in row)
        first = self._before[row[0]] if row and self.data.extents[row[0]].sign else 0.0
        return wide + first + sum(self._before[index] for index in row[1:])

    def _fit(self, rect: QRectF) -> _Fit:
        """The largest scale over all ways to put the products into rows and to write their sizes."""
        size = rect.width(), rect.height()
        if size not in self._fitted:
            self._fitted[size] = self._best_fit(rect)
        return self._fitted[size]

    def _best_fit(self, rect: QRectF) -> _Fit:
        best: _Fit | None = None
        ways = self._ways()
        for rows in ways[:MOST_ROWS]:
            for two_lines in (False, True):
                scale = self._largest(rows, two_lines, rect)
                if scale > (best.scale * 1.15 if best else -1.0):
                    best = _Fit(scale, rows, two_lines)
        narrow = [rows for rows in ways if all(self._row_width(row, True, 0.0) <= rect.width() for row in rows)]
        return best or _Fit(0.0, (*narrow, *ways[-1:], ())[0], True)

    def _ways(self) -> list[tuple[tuple[int, ...], ...]]:
        """All in one row, in two, and so on, whole lines in each; then single matrices, where no line fits."""
        count = len(self.data.extents)
        begins = [index for index, extent in enumerate(self.data.extents) if not (index and extent.sign)]
        ways = [self._broken(begins, rows) for rows in range(1, len(begins) + 1)]
        return [*ways, *(self._broken(list(range(count)), rows) for rows in range(2, count + 1))]

    def _broken(self, places: list[int], rows: int) -> tuple[tuple[int, ...], ...]:
        """``rows`` rows, about equally full, that begin at some of the ``places``."""
        count, begins = len(self.data.extents), [0]
        for row in range(1, rows):
            free = places[places.index(begins[-1]) + 1 : len(places) - (rows - row - 1)]
            begins.append(min(free, key=lambda place: abs(place - row * count / rows)))
        return tuple(tuple(range(*pair)) for pair in pairwise([*begins, count]))

    def _largest(self, rows: tuple[tuple[int, ...], ...], two_lines: bool, rect: QRectF) -> float:
        """The largest scale that fits, by bisection; 0 where only the least sides do, −1 where not even they."""
        if not self._fits(rows, two_lines, 0.0, rect):
            return -1.0
        most = max(max(extent.rows, extent.columns) for extent in self.data.extents)
        low, high = 0.0, max(rect.height(), rect.width()) / max(1, most)
        for _ in range(18):
            middle = (low + high) / 2
            low, high = (middle, high) if self._fits(rows, two_lines, middle, rect) else (low, middle)
        return low

    def placed(self, rect: QRectF) -> tuple[list[Placed], _Fit]:
        """Every matrix in its place."""
        if self._laid_out is None or self._laid_out[0] != rect:
            self._laid_out = QRectF(rect), self._lay_out(rect)
        return self._laid_out[1]

    def _lay_out(self, rect: QRectF) -> tuple[list[Placed], _Fit]:
        fit = self._fit(rect)
        line, found = self._line(), []
        tallest = [max(self._side(self.data.extents[index].rows, fit.scale) for index in row) for row in fit.rows]
        around = [self._around(row, fit.two_lines) for row in fit.rows]
        total = sum(tallest) + sum(around) + line
        apart = min(MOST_BETWEEN, max(0.0, rect.height() - total) / (len(fit.rows) + 1))
        top = rect.top() + max(0.0, rect.height() - total - apart * (len(fit.rows) - 1)) / 2
        for row, high, beside in zip(fit.rows, tallest, around, strict=True):
            left = rect.left() + max(0.0, rect.width() - self._row_width(row, fit.two_lines, fit.scale)) / 2
            middle = top + line + 4 + high / 2
            for index in row:
                extent = self.data.extents[index]
                before = self._before[index] if extent.sign or index != row[0] else 0.0
                sign, left = QRectF(left, middle - 14, before, 28), left + before
                wide = self._wide(index, fit.scale, fit.two_lines)
                side, height = self._side(extent.columns, fit.scale), self._side(extent.rows, fit.scale)
                box = QRectF(left + (wide - side) / 2, middle - height / 2, side, height)
                slot = QRectF(left, middle - high / 2 - line - 4, wide, high + beside)
                found.append(Placed(extent, box, slot, sign, self._labels(extent, fit.two_lines)))
                left += wide
            top += high + beside + apart
        return found, fit

    # Drawing

    def draw(self, painter: QPainter, rect: QRectF, ratio: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.data.extents:
            self.say(painter, rect, translate("No values yet"))
            painter.restore()
            return
        placed, _ = self.placed(rect)
        for one in placed:
            self._draw_box(painter, one)
            self._draw_words(painter, one)
        self._draw_scale(painter, rect)
        painter.restore()

    def _draw_box(self, painter: QPainter, one: Placed) -> None:
        theme, box = self.theme, one.box
        if one.extent.role == "never made":
            pen = QPen(QColor(theme.muted), 1.5)
            pen.setDashPattern([4, 4])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill_of(one.extent.role, self.data.colour, theme)))
            painter.drawRoundedRect(box, min(3.0, box.width() / 4), min(3.0, box.height() / 4))

    def _draw_words(self, painter: QPainter, one: Placed) -> None:
        """The name above the box, what is said of it below, and the sign before it."""
        theme, box, line, extent = self.theme, one.box, self._line(), one.extent
        left, wide = one.slot.left() - 4, one.slot.width() + 8
        painter.setFont(self._bold())
        painter.setPen(QColor(theme.muted if extent.role == "never made" else theme.text))
        painter.drawText(QRectF(left, box.top() - line - 4, wide, line + 2), CENTRE, extent.name)
        painter.setFont(self.small())
        painter.setPen(QColor(theme.muted))
        for number, label in enumerate(one.below):
            painter.drawText(QRectF(left, box.bottom() + 3 + number * line, wide, line), CENTRE, label)
        if extent.sign:
            painter.drawText(one.sign.translated(0, -line), CENTRE, extent.by)
            painter.setFont(lettering(QFont(), theme.title_points, bold=True))
            painter.setPen(QColor(theme.text))
            painter.drawText(one.sign, CENTRE, extent.sign)

    def scale_words(self, rect: QRectF) -> str:
        """Which sides are not to scale, if any."""
        sides, fit = self._lengths, self.placed(rect)[1]
        short = [side for side in sides if side * fit.scale < LEAST_SIDE]
        if not short:
            return translate("heights and widths to one scale")
        if len(short) == len(sides):
            return translate("too small here to be drawn to scale")
        least = min(side for side in sides if side not in short)
        return translate("sides below {least} are not to scale").format(least=f"{least:,}")

    def _draw_scale(self, painter: QPainter, rect: QRectF) -> None:
        words = self.scale_words(rect)
        painter.setFont(self.small())
        painter.setPen(QColor(self.theme.muted))
        box = QRectF(rect.left(), rect.bottom() - self._line(), rect.width(), self._line())
        words = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, CENTRE, words)

    # The pointer

    def pointed(self, rect: QRectF, point: QPointF) -> Pointed | None:
        if not self.data.extents:
            return None
        for index, one in enumerate(self.placed(rect)[0]):
            if one.slot.contains(point):
                extent = one.extent
                roles = {
                    "input": translate("input"),
                    "computed": translate("computed"),
                    "output": translate("output"),
                    "never made": translate("never made"),
                }
                rows = (
                    ReadoutRow(translate("rows × columns"), _size(extent)),
                    ReadoutRow(translate("entries"), f"{extent.rows * extent.columns:,}"),
                )
                heading = f"{extent.name} · {roles.get(extent.role, extent.role)}"
                return Pointed((index,), QPointF(point), heading, rows)
        return None

    def draw_pointed(self, painter: QPainter, rect: QRectF, pointed: Pointed) -> None:
        box = self.placed(rect)[0][int(pointed.key[0])].box
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.text), 1.5))
        painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 4, 4)


def _size(extent: ExtentData) -> str:
    return f"{extent.rows:,} × {extent.columns:,}"


def fill_of(role: str, colour: str, theme: Theme) -> str:
    if role == "input":
        return mixed(theme.surface, theme.muted, 0.75)
    return colour if role == "output" else mixed(theme.surface, colour, 0.6)
