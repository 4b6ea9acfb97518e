"""A letter has the same content as text and as HTML, and escapes all values."""

from html.parser import HTMLParser

import pytest

from guestlist.mail.letter import Grid, Heading, Letter, Paragraph, Steps, one_line

HOSTILE = "<script>alert(1)</script>\"'&\r\nBcc: eve@example.org\u202e\x1b[31m"
LETTER = Letter(
    "A title",
    [
        Paragraph("Some words, " * 20),
        Heading("What to do"),
        Steps(["Do this.", "Then that."]),
        Grid([("12", "Email", "No at sign"), ("1,300", "Code", "Twice")], ("Line", "Column", "Why")),
        Grid([("Imported", "3")]),
    ],
    "Reference 01h2x.",
)


class ParsedPage(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.tags += [f"{tag}[{name}]" for name, _ in attrs if name in {"src", "href"} or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data + " "


@pytest.mark.parametrize(
    "word", ["A title", "What to do", "Then that.", "1,300", "Twice", "Imported", "Reference 01h2x."]
)
def test_text_and_html_say_the_same(word: str) -> None:
    assert word in LETTER.text
    assert word in ParsedPage(LETTER.html).words


def test_lines_of_text_are_at_most_78_characters() -> None:
    assert max(map(len, LETTER.text.splitlines())) <= 78


def test_cells_of_text_stand_under_their_headings() -> None:
    lines = LETTER.text.splitlines()
    heading = next(line for line in lines if line.startswith("Line"))
    row = next(line for line in lines if line.startswith("1,300"))
    assert (heading.index("Column"), heading.index("Why")) == (row.index("Code"), row.index("Twice"))


def test_the_html_fetches_nothing_and_runs_nothing() -> None:
    assert not {tag for tag in ParsedPage(LETTER.html).tags if "[" in tag or tag in {"script", "style", "link", "img"}}


@pytest.mark.parametrize(
    "block",
    [Paragraph(HOSTILE), Heading(HOSTILE), Steps([HOSTILE]), Grid([(HOSTILE, "x")], (HOSTILE, HOSTILE))],
    ids=lambda block: type(block).__name__,
)
def test_hostile_text_is_escaped(block: Paragraph | Heading | Steps | Grid) -> None:
    letter = Letter(HOSTILE, [block], HOSTILE)
    page = ParsedPage(letter.html)
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.words
    assert "\x1b" not in letter.html + letter.text
    assert "\u202e" not in letter.html + letter.text
    assert not [line for line in letter.text.splitlines() if line.startswith("Bcc")]


@pytest.mark.parametrize(
    ("words", "line"),
    [("a\r\nb", "a b"), ("  a\t b ", "a b"), ("a\x00b", "ab"), ("Zoë – ÆØÅ", "Zoë – ÆØÅ"), ("", "")],
    ids=["line breaks", "tabs and ends", "controls", "letters", "nothing"],
)
def test_a_line_contains_only_visible_characters(words: str, line: str) -> None:
    assert one_line(words) == line


def test_a_letter_without_a_footer_ends_with_its_last_block() -> None:
    assert Letter("T", [Paragraph("End.")]).text == "T\n\nEnd.\n"
