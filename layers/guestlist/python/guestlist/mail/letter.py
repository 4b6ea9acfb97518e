"""A mail's content in blocks, rendered as plain text and as HTML.

The HTML is one narrow column with inline styles, since mail programs ignore others; all text from outside is
escaped, and nothing is loaded from elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from guestlist.messages.catalogue import render
from guestlist.messages.language import ENGLISH, Language

_WIDTH = 78
_CELL = "padding:6px 12px 6px 0;vertical-align:top;text-align:left;border-bottom:1px solid #e4e4e0"
_PAGE = (
    "max-width:600px;margin:0 auto;padding:24px;color:#222;background:#fff;"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of one or more sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading for the blocks after it."""

    text: str


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list of things to do."""

    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of cells under headings; without headings, the first cell of a row is its label."""

    rows: Sequence[Sequence[str]]
    headings: Sequence[str] = ()


Block = Paragraph | Heading | Steps | Grid


@dataclass(frozen=True, slots=True)
class Letter:
    """A title, blocks and a footer, possibly with a link to unsubscribe.

    `language` is the language it is written in.
    """

    title: str
    blocks: Sequence[Block]
    footer: str = ""
    language: Language = ENGLISH
    unsubscribe: str = ""

    @property
    def _unsubscribe_label(self) -> str:
        return render("welcome.unsubscribe", language=self.language)

    @property
    def text(self) -> str:
        """The letter as plain text: lines of at most 78 characters, except for longer cells and words."""
        parts = [_wrapped(self.title), *map(_text, self.blocks)]
        parts += ["-- \n" + _wrapped(self.footer)] if self.footer else []
        parts += [f"{self._unsubscribe_label}: {one_line(self.unsubscribe)}"] if self.unsubscribe else []
        return "\n\n".join(parts) + "\n"

    @property
    def html(self) -> str:
        """The letter as an HTML document."""
        body = f'<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px">{_escaped(self.title)}</h1>'
        body += "".join(map(_html, self.blocks))
        if self.footer:
            body += f'<p style="margin:32px 0 0;font-size:13px;color:#666">{_escaped(self.footer)}</p>'
        if self.unsubscribe:
            link = f'<a style="color:#666" href="{_escaped(self.unsubscribe)}">{self._unsubscribe_label}</a>'
            body += f'<p style="margin:8px 0 0;font-size:13px">{link}</p>'
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{_escaped(self.title)}</title></head>"
            f'<body style="margin:0;background:#f4f4f1"><div style="{_PAGE}">{body}</div></body></html>\n'
        )


def one_line(text: str) -> str:
    """The text without line breaks, control characters and other invisible characters."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _text(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _wrapped(text)
        case Heading(text):
            return f"{one_line(text)}\n{'-' * len(one_line(text))}"
        case Steps(steps):
            return "\n".join(_wrapped(step, first=f"{n}. ", rest="   ") for n, step in enumerate(steps, 1))
        case Grid(rows, headings):
            lines = [headings, *rows] if headings else rows
            return _columns([[one_line(cell) for cell in line] for line in lines])


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    lines = wrap(
        one_line(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    """The rows with aligned columns; the last column is not padded."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _html(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f'<p style="margin:0 0 16px">{_escaped(text)}</p>'
        case Heading(text):
            return f'<h2 style="font-size:17px;margin:28px 0 8px">{_escaped(text)}</h2>'
        case Steps(steps):
            items = "".join(f'<li style="margin:0 0 6px">{_escaped(step)}</li>' for step in steps)
            return f'<ol style="margin:0 0 16px;padding-left:22px">{items}</ol>'
        case Grid(rows, headings):
            return _table(rows, headings)


def _escaped(text: str) -> str:
    return escape(one_line(text))


def _table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> str:
    head = "".join(
        f'<th scope="col" style="{_CELL};font-size:13px;color:#666">{_escaped(cell)}</th>' for cell in headings
    )
    lines = [f"<tr>{head}</tr>"] if headings else []
    lines += [f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows]
    style = "border-collapse:collapse;width:100%;margin:0 0 16px;font-size:15px"
    return f'<table style="{style}">{"".join(lines)}</table>'


def _cell(text: str) -> str:
    return f'<td style="{_CELL}">{_escaped(text)}</td>'
