"""The page on training tells what the cards tell."""

from scripts.make_weights_table import BEGIN, END, PAGE, table


def test_the_page_shows_the_cards_of_today():
    page = PAGE.read_text(encoding="utf-8")
    assert page.split(BEGIN)[1].split(END)[0].strip() == table(), "run scripts/make_weights_table.py"
