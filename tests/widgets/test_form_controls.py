"""Controls that draw themselves, in every theme."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QVBoxLayout, QWidget

from app.theme import THEMES
from widgets.form_controls import DropDown, Tick
from widgets.style_sheet import palette, style_sheet


@pytest.fixture(params=THEMES.values(), ids=THEMES)
def form(request, qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.setPalette(palette(request.param))
    made.setStyleSheet(style_sheet(request.param))
    made.setAutoFillBackground(True)
    QVBoxLayout(made)
    return made


def shown(form, *controls):
    for control in controls:
        form.layout().addWidget(control)
    form.show()
    return form


def drawn(widget):
    """[height, width, 3], red, green and blue."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3].astype(int)


def luminance(colours):
    share = colours[..., ::-1] / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def test_a_box_that_is_not_ticked_is_seen(form):
    tick = Tick("Caption below")
    shown(form, tick)
    box = luminance(drawn(tick))[:, :14]
    ground = luminance(drawn(form))[2, 2]
    contrast = (np.maximum(box, ground) + 0.05) / (np.minimum(box, ground) + 0.05)
    assert contrast.max() >= 3


def test_a_tick_and_the_focus_are_seen_and_space_sets_it(qtbot, form):
    tick, other = Tick("Caption below"), Tick("Title above")
    shown(form, tick, other)
    other.setFocus()
    plain = drawn(tick)
    tick.setChecked(True)
    ticked = drawn(tick)
    assert (plain != ticked).any()
    form.activateWindow()
    tick.setFocus()
    qtbot.waitUntil(tick.hasFocus)
    assert (drawn(tick) != ticked).any()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert not tick.isChecked()


def test_a_drop_down_has_an_arrow(form):
    box = DropDown()
    box.addItems(["PNG", "SVG"])
    shown(form, box)
    right = drawn(box)[:, -24:]
    assert len(np.unique(right.reshape(-1, 3), axis=0)) > 3


def test_a_number_has_no_scraps_of_arrows(form):
    number = QDoubleSpinBox()
    shown(form, number)
    right = drawn(number)[4:-4, -24:-4]
    assert len(np.unique(right.reshape(-1, 3), axis=0)) == 1


def test_a_hint_is_quieter_than_words(form):
    words, hint = QLabel("F5 shows them"), QLabel("F5 shows them")
    hint.setProperty("role", "muted")
    shown(form, words, hint)
    assert (drawn(words) != drawn(hint)).any()
