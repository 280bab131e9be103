"""The window in another language: chosen, kept, and with nothing left in English or cut."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)

from app import language, panels
from app import window as window_module
from app.actions import ACTIONS
from app.engine_client import EngineClient
from app.export.caption import caption_of
from app.export_film_form import FilmForm
from app.language import CHINESE, ENGLISH, NAMES, chosen_language, keep_language, language_in_use, system_language, use
from app.presenters import (
    form_fields,
    notes_on_weights,
    parameters_in_words,
    pattern_caption,
    unit_in_words,
)
from app.problem_words import sentence
from app.session import Pane, Text
from app.window import build, open_once
from engines.measure import Point, Times
from engines.messages import Choice, Machine, MemoryTimeline
from engines.problems import Problem
from engines.variants import variants
from engines.words import Words
from scripts.make_translations import FOLDER, messages
from tests.app.runs import known_of, model, run_of
from widgets.given_words import said as in_chinese

LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES_THAT_STAY = {
    *LATIN.findall("Attnscope English Transformer-XL Sparse Longformer Reformer Linformer Linear Performer BigBird"),
    *LATIN.findall(
        "softmax Johnson–Lindenstrauss log KV QK W_kR N_ij UTF PNG SVG PDF Python MB kB GB ms torch cpu cuda CUDA"
    ),
    *LATIN.findall("Ctrl Shift Esc Space PgUp PgDown Home End Left Right float32 bfloat16 al et"),
    *(word for variant in variants().values() for word in LATIN.findall(variant.paper.authors)),
    *(word for variant in variants().values() for setting in variant.settings for word in LATIN.findall(setting.name)),
}
"""Proper names, units, keys, and what the command line is given: the same in every language."""
MACHINE = Machine(
    devices=(Choice("cpu"), Choice("cuda", "no CUDA device was found")),
    dtypes=(("cpu", (Choice("float32"), Choice("bfloat16", "slower than float32 on this processor"))),),
    threads=2,
    total_bytes=8_000_000_000,
    torch_version="2.13",
    processor="one",
)


@pytest.fixture
def chinese(qapp):
    """Windows that are built now speak Chinese."""
    use(CHINESE)
    yield
    use(ENGLISH)


@pytest.mark.parametrize("variant", variants())
def test_the_pieces_of_a_pattern_have_chinese_names(chinese, qapp, variant):
    pattern = run_of(variant, causal="causal" in variants()[variant].masks).pattern(0)
    assert [piece for piece in pattern.pieces if in_chinese(piece) == piece] == []


@pytest.mark.parametrize("variant", ["longformer", "reformer"])
def test_a_film_names_its_steps_in_chinese_and_asks_for_them_by_their_own_names(chinese, qtbot, variant):
    names = variants()[variant].step_names
    form = FilmForm(names, (8, 40), grows=False)
    qtbot.addWidget(form)
    assert form.last_step.currentText() == in_chinese(names[-1]) != names[-1]
    assert (form.choice().first, form.choice().last) == (names[0], names[-1])


@pytest.mark.parametrize("variant", variants())
def test_captions_have_the_signs_of_their_language(chinese, qapp, variant):
    """Full-width ones, without a space after them, except between the numbers of a list."""
    causal = "causal" in variants()[variant].masks
    text = Text("sample", "shuidiao-getou")
    pane = Pane(variant, {}, text, 40, causal, layer=1, head=2, view="weights", locked=7, logarithmic=True)
    run = run_of(variant, causal=causal)
    told = [caption_of(pane, known_of(run), view, "一台电脑") for view in ("pattern", "weights", "key-mass")]
    told.append(pattern_caption(pane, run.pattern(2)))
    for words in told:
        assert not re.search(r"[;,:.](?![0-9])(?!\d)|[。，；：] ", re.sub(r"\d, \d", "", words)), words


def test_settings_and_units_are_told_in_chinese_order(chinese, qapp):
    full, reformer = variants()["full"], Pane("reformer")
    assert parameters_in_words(full, Pane("full").parameters()) == "实现方式为融合"
    assert parameters_in_words(variants()["reformer"], reformer.parameters()).startswith("分块长度 ")
    assert "个词元" in {field.unit for field in form_fields(reformer)}
    assert unit_in_words("layers") == "层"
    notes = notes_on_weights(replace(reformer, settings={"reformer": {"rounds": 1, "hashing": "one stage"}}))
    assert not re.search(r"[;,.:](?![0-9])|[，。；：] ", "".join(notes))


NO_SPACE = re.compile(
    r"[\u3001-\u9fff\uff00-\uffef] [\u3001-\u9fff]|\{(?:label|variant|name2|own|trained)\} [\u3001-\u9fff]"
)
"""A space between two Chinese words; the name of a variant may be one."""


def test_no_translation_has_spaces_between_chinese_words():
    every = messages(FOLDER / "attnscope_zh_CN.ts").items()
    assert not {english: text for (_, english), text in every if NO_SPACE.search(text) and "简体中文" not in english}
    assert all(map(NO_SPACE.search, ("仅 全注意力", "训练的。 训练时", "{label} 读取")))


@pytest.fixture
def shown(chinese, opened):
    """Shows a finished run of a variant in a Chinese window, measured and all."""

    def show(variant, size=(1440, 900), **pane):
        window, commands = opened(size)
        controller = commands.controller
        active, controller.machine = controller.active, MACHINE
        active.model = model()
        run = run_of(variant, causal="causal" in variants()[variant].masks)
        measured = Point("variant", run.prepared, 2, while_animating=True).measurement(Times((0.02,)), 120_000)
        series = {name: replace(measured, series=name, seconds=0.3) for name in ("fused", "textbook")}
        phases = tuple((name, i / 100, (i + 1) / 100) for i, name in enumerate(("window", "attend", "combine")))
        state = replace(
            known_of(run),
            measurements={"variant": measured, **series},
            memory=MemoryTimeline(((0.0, 5_000), (0.01, 120_000), (0.03, 10)), phases),
            finished=True,
        )
        active.run = state
        controller.points.add(measured)
        controller.change(Pane(variant, causal=run.prepared.mask.causal, length=40, layer=1, head=2, **pane))
        active.timer.stop()
        active.take_trace()
        controller.show_everything()
        controller.around.show_menus()
        panels.show_costs(window, controller.points, state, controller.pane, controller.theme)
        panels.show_status(window, "live", MACHINE)
        for _ in range(3):  # rows that are new are laid out after those that hold them
            QApplication.processEvents()
        return window, controller

    return show


AS_GIVEN = re.compile(r"<tr><td[^>]*>(?:参数|权重|设备)</td>.*?</tr>", re.DOTALL)
"""Rows of a card that hold what the command line takes, and what the processor calls itself."""


def plain(text):
    return unescape(re.sub(r"<[^>]*>", " ", AS_GIVEN.sub("", text)))


def texts(window):
    """Everything that a window says, besides the text that a person runs attention on."""
    for widget in (window, *window.findChildren(QWidget)):
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        if isinstance(widget, QMenu):
            yield widget.title()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(index) for index in range(widget.count()))
        if isinstance(widget, QTabBar):
            for index in range(widget.count()):
                yield from (widget.tabText(index), widget.tabToolTip(index))
        if tooltip := getattr(widget, "tooltip", None):
            try:
                yield tooltip()
            except TypeError:  # of a part, which is asked for below
                continue
    for action in window.findChildren(QAction):
        yield from (action.text(), action.toolTip())
    yield from (window.memory_strip.tooltip(index) for index in range(len(window.memory_strip._phases)))
    for line in window.cost_chart._series.values():
        yield from (window.cost_chart.tooltip(point) for point in line)
    yield from (name.text for name in window.transport._track.names())


def english_in(text, tokens=()):
    stays = NAMES_THAT_STAY | set(LATIN.findall(" ".join(tokens)))
    return [word for word in LATIN.findall(plain(text)) if word not in stays]


@pytest.mark.parametrize("variant", variants())
def test_a_chinese_window_says_nothing_in_english(shown, variant):
    window, controller = shown(variant)
    said_there = (*texts(window), controller.centre.caption, *panels_said(controller))
    left = {text: words for text in said_there if (words := english_in(text, controller.tokens))}
    assert not left


def panels_said(controller):
    """What comes and goes: a problem in the bar, and the list of keys."""
    controller.show_problem(Problem("over_budget_time", label="Full", n="4,096", duration="3 s", budget=2.0))
    yield controller.window.message_bar.sentence
    yield from (QCoreApplication.translate("actions", action.help) for action in ACTIONS)


def test_problems_are_told_in_chinese_with_their_values(chinese):
    setting = variants()["longformer"].settings[0]
    with pytest.raises(Problem) as raised:
        setting.check("x")
    assert sentence(raised.value) == "“窗口”应为 2 到 2,097,152 之间的整数（每层一个），但现在是 x；请在参数中修改。"
    linformer = variants()["linformer"]
    refused = Problem("mask_not_supported", variant=linformer.label, mask="causal", reason=linformer.mask_reason)
    assert sentence(refused).startswith("“Linformer”不能以“因果”方式运行：每个键的混合")


def test_words_with_values_are_translated_as_a_whole(chinese):
    words = Words("predicted from {n} tokens by the ratio of operations", {"n": "4,096"})
    assert in_chinese(words) == "由 4,096 个词元的实测按运算量之比预测"
    nested = Words("{label} (predicted)", {"label": Words("{label} ({told})", {"label": "Full", "told": "Shared QK"})})
    assert in_chinese(nested) == "全注意力（共享 QK）（预测）"
    assert in_chinese("my own attention") == "my own attention"
    assert in_chinese("") == ""


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
@pytest.mark.parametrize("variant", ["longformer", "attention-sinks"])
def test_no_label_of_a_chinese_window_is_cut(shown, variant, size):
    window, _ = shown(variant, size)
    assert (window.width(), window.height()) == size
    cut = [
        (each.text(), each.width(), each.sizeHint().width())
        for kind in (QLabel, QPushButton, QToolButton)
        for each in window.findChildren(kind)
        if each.isVisible() and each.text() and each.width() < each.sizeHint().width()
        if not (isinstance(each, QLabel) and each.wordWrap())
    ]
    assert not cut
    tall = [
        (each.text(), each.height(), each.sizeHint().height())
        for each in window.findChildren(QLabel)
        if each.isVisible() and each.text() and not each.wordWrap() and each.height() < each.sizeHint().height()
    ]
    assert not tall


# Choosing -----------------------------------------------------------------------------------------------------------


def test_what_was_chosen_is_kept_and_goes_before_the_systems(tmp_path, monkeypatch):
    monkeypatch.setattr(language, "system_language", lambda: CHINESE)
    folder = tmp_path / "not there yet"
    assert chosen_language(folder) == chosen_language(None) == CHINESE
    keep_language(ENGLISH, folder)
    assert chosen_language(folder) == ENGLISH
    (folder / "language").write_bytes(b"\xff\x00 tlh")
    assert chosen_language(folder) == CHINESE
    keep_language(ENGLISH, None)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as raised:
        keep_language(CHINESE, tmp_path / "file")
    assert raised.value.code == "cannot_save"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (["zh-Hans-CN", "en-US"], CHINESE),
        (["de-DE", "zh-CN"], CHINESE),
        (["zh-Hant-TW", "en-US"], ENGLISH),
        (["en-GB", "zh-CN"], ENGLISH),
        (["de-DE"], ENGLISH),
        ([], ENGLISH),
    ],
)
def test_the_first_of_the_systems_languages_that_there_is(monkeypatch, listed, expected):
    class System:
        def uiLanguages(self):
            return listed

    monkeypatch.setattr(language.QLocale, "system", lambda: System())
    assert system_language() == expected


def test_the_menu_lists_the_languages_and_marks_the_one_in_use(qtbot, opened):
    window, commands = opened()
    entries = [window.findChild(QAction, f"speak {name}") for name in NAMES]
    assert [entry.text() for entry in entries] == ["English", "简体中文"]
    assert [entry.isChecked() for entry in entries] == [True, False]
    with qtbot.waitSignal(commands.language_chosen) as chosen:
        entries[1].trigger()
    assert chosen.args == [CHINESE]
    with qtbot.waitSignal(commands.language_chosen) as chosen:
        qtbot.keyClick(
            window.pane_view.pattern_view,
            Qt.Key.Key_L,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    assert chosen.args == [CHINESE]
    with qtbot.assertNotEmitted(commands.language_chosen):
        commands.speak(ENGLISH)


def test_another_language_opens_the_window_again_as_it_was(qapp, tmp_path, monkeypatch):
    """Twice: in English, where Chinese is chosen; in Chinese, where it is closed."""
    monkeypatch.setattr(EngineClient, "start", lambda self: None)
    told = []

    def watch(storage):
        window, commands = build(storage)
        told.append((window.windowTitle(), window.menuBar().actions()[0].text(), commands.controller.pane.length))
        if language_in_use() == ENGLISH:
            commands.controller.set(length=200)
            QTimer.singleShot(0, lambda: commands.speak(CHINESE))
        else:
            QTimer.singleShot(0, window.close)
        return window, commands

    monkeypatch.setattr(window_module, "build", watch)
    try:
        status, following = open_once(qapp, tmp_path, ENGLISH)
        assert (status, following) == (0, CHINESE)
        assert chosen_language(tmp_path) == CHINESE
        assert open_once(qapp, tmp_path, following) == (0, "")
    finally:
        use(ENGLISH)
    assert [each[1] for each in told] == ["File", "文件"]
    assert told[1][2] == 200


def test_qts_own_words_are_chinese_too(qapp, chinese):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    assert [button.text() for button in box.buttons()] == ["确定", "取消"]
