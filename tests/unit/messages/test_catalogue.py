"""The catalogue of messages: the same in each language, and rendered by number, date and list."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime

import pytest

from guestlist.checkout import response as checkout
from guestlist.checkout.findings import Level
from guestlist.imports import model as imports
from guestlist.imports.decision import About
from guestlist.imports.reading.instants import InvalidDate
from guestlist.imports.reading.problems import (
    ELSEWHERE,
    IN_LIST,
    OTHER_ORDER,
    BadDate,
    DuplicateExisting,
    DuplicateInFile,
    NoOrderId,
    OrderTooLong,
    Problem,
    TooFewCells,
    TooLong,
    TooManyCells,
)
from guestlist.imports.reading.row_notes import RowNote
from guestlist.messages import catalogue
from guestlist.messages.language import LANGUAGES, Language, language_of
from infra import codes, openapi

REASONS = [
    *(
        "not_a_date",
        "no_such_time",
        "past",
        "future",
        "two_digit_year",
        "out_of_range",
        "ambiguous",
        "twice",
        "skipped",
    ),
]
AT = {"event_id": "gala", "import_id": "01h2x", "first_line": 3}
FIELDS: dict[type[Problem], tuple[int, ...]] = {
    DuplicateInFile: (3,),
    TooManyCells: (5, 4),
    TooFewCells: (3, 4),
    TooLong: (200,),
    OrderTooLong: (200,),
    NoOrderId: (200,),
}
KEYS = sorted(catalogue.texts("en"))


def forms(text: catalogue.Text) -> dict[str, str]:
    """The texts of a message by number; `other` alone where there is one text."""
    return {"other": text} if isinstance(text, str) else dict(text)


def params(text: catalogue.Text) -> set[str]:
    return {name for form in forms(text).values() for name in re.findall(r"\{(\w+)\}", form)}


def differences(texts: Sequence[catalogue.Text]) -> list[str]:
    """The differences of a message's texts between languages other than words, and missing ones."""
    checks = {
        "parameters": len({frozenset(params(text)) for text in texts}) == 1,
        "numbers": len({frozenset(forms(text)) for text in texts}) == 1,
        "forms": set(forms(texts[0])) in ({"other"}, {"one", "other"}),
        "empty": all(form.strip() for text in texts for form in forms(text).values()),
    }
    return [name for name, passes in checks.items() if not passes]


def test_every_language_has_the_same_messages() -> None:
    assert {language: sorted(catalogue.texts(language)) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_message_has_the_same_parameters_and_numbers_in_every_language(key: str) -> None:
    assert differences([catalogue.texts(language)[key] for language in LANGUAGES]) == []


@pytest.mark.parametrize(
    ("texts", "difference"),
    [
        (["{n} rows of {name}", "{n} rijen van {name}", "{n} rækker"], "parameters"),
        ([{"one": "{n} row", "other": "{n} rows"}, {"other": "{n} rijen"}, {"other": "{n} rækker"}], "numbers"),
        ([{"few": "rows"}, {"few": "rijen"}, {"few": "rækker"}], "forms"),
        (["rows", " ", "rækker"], "empty"),
    ],
)
def test_a_message_that_differs_between_languages_is_found(texts: list[catalogue.Text], difference: str) -> None:
    assert differences(texts) == [difference]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("explain", list(checkout.Reason)),
        ("explain.level", list(Level)),
        ("import_reason", list(imports.Reason)),
        ("import_advice", list(imports.Reason)),
        ("mail.into", list(imports.Kind)),
        ("row_title", codes.of_rows()),
        ("decision", sorted(set(About) - {About.CODE_COLUMN, About.DATE_COLUMN})),
        ("decision.code_column", ["only_promo", "unsure", "used_promo"]),
        ("decision.date_column", ["unsure", "unreadable"]),
        (
            "note.taken_as_suggested",
            [
                *sorted(set(About) - {About.CODE_COLUMN, About.DATE_COLUMN}),
                "status_ended",
                "code_column_only_promo",
                "code_column_used_promo",
                "code_column_unsure",
                "date_column_unsure",
                "date_column_unreadable",
            ],
        ),
        ("note", [notice.value for notice in RowNote]),
        ("reason", list(checkout.Reason)),
    ],
)
def test_every_code_word_has_a_message(kind: str, words: Sequence[str]) -> None:
    assert {f"{kind}.{code}" for code in words} <= set(KEYS)


def kinds(of: type[Problem] = Problem) -> list[type[Problem]]:
    # A dataclass with slots is made twice, and the first one is a subclass until it is collected.
    subclasses = [one for one in of.__subclasses__() if vars(sys.modules[one.__module__])[one.__name__] is one]
    return [kind for one in subclasses for kind in (one, *kinds(one))]


PROBLEMS = [
    *(kind(2, "Code", "x", *FIELDS.get(kind, ())) for kind in kinds() if kind not in {BadDate, DuplicateExisting}),
    *(BadDate(2, "Date", "x", InvalidDate(reason)) for reason in REASONS if reason != "ambiguous"),
    BadDate(2, "Date", "3/4/2026", InvalidDate("ambiguous", 3, 4)),
    *(DuplicateExisting(2, "Code", "x", where) for where in (IN_LIST, OTHER_ORDER, ELSEWHERE)),
    *(DuplicateExisting(2, "Code", "x", {**AT, "reason": reason}) for reason in ("came_alone", "came_with_file")),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: f"{type(one).__name__} {one.params.get('reason', '')}")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_of_a_row_fills_its_sentence_in_every_language(problem: Problem, language: Language) -> None:
    key = catalogue.key_of("row", problem.code, problem.params)
    assert key == ".".join(["row", problem.code, *([str(reason)] if (reason := problem.params.get("reason")) else [])])
    assert "{" not in catalogue.render(key, problem.params, language)


@pytest.mark.parametrize(("kind", "schema"), [("problem", "Problem"), ("fault", "FieldProblem")])
def test_every_code_word_of_the_api_has_a_message(kind: str, schema: str) -> None:
    document = json.loads(openapi.DOCUMENT.read_text(encoding="utf-8"))
    words = document["components"]["schemas"][schema]["properties"]["code"]["enum"]
    assert [word for word in words if f"{kind}.{word}" not in KEYS] == []


@pytest.mark.parametrize(
    ("n", "language", "sentence"),
    [
        (1, "en", "1 more ticket of Gala (0 of 1 found)"),
        (1204, "en", "1,204 more tickets of Gala (0 of 1,204 found)"),
        (1, "nl", "nog 1 ticket van Gala (0 van 1 gevonden)"),
        (1204, "nl", "nog 1.204 tickets van Gala (0 van 1.204 gevonden)"),
        (1, "da", "1 billet mere til Gala (0 af 1 fundet)"),
        (1204, "da", "1.204 billetter mere til Gala (0 af 1.204 fundet)"),
    ],
)
def test_a_count_chooses_the_text_and_is_written_as_the_language_does(n: int, language: Language, sentence: str):
    rendered = catalogue.render("explain.help.tickets", {"n": n, "name": "Gala", "found": 0, "needed": n}, language)
    assert rendered == sentence


@pytest.mark.parametrize(
    ("language", "date", "moment"),
    [
        ("en", "2 July 2026", "2 July 2026, 00:30 (Europe/Amsterdam)"),
        ("nl", "2 juli 2026", "2 juli 2026 om 00:30 (Europe/Amsterdam)"),
        ("da", "2. juli 2026", "2. juli 2026 kl. 00.30 (Europe/Amsterdam)"),
    ],
)
def test_dates_are_written_as_the_language_does(language: Language, date: str, moment: str) -> None:
    at = datetime(2026, 7, 2, 0, 30)  # noqa: DTZ001 - the clock of the zone, as it is told
    assert catalogue.day(at, language) == date
    assert catalogue.moment(at, "Europe/Amsterdam", language) == moment


def test_texts_of_a_list_are_quoted_and_a_list_that_was_cut_says_so() -> None:
    assert catalogue.render("explain.login_required", {"groups": ["A", "B"]}).endswith(
        "customers in “A”, “B” only; log in."
    )
    assert catalogue.render("explain.login_required", {"groups": ["A"], "n": 2}).endswith("in “A”, … only; log in.")


def test_parameters_of_a_message_are_not_expanded_again() -> None:
    assert catalogue.render("explain.help.before", {"what": "{day}", "day": "1 May"}) == "{day} before 1 May"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("nl", "nl"),
        ("da-DK,da;q=0.9,en;q=0.8", "da"),
        ("fr-FR, nl;q=0.5, en;q=0.4", "nl"),
        ("en;q=0.2, DA;q=0.3", "da"),
        ("nl;q=0", "en"),
        ("*", "en"),
        ("nl;q=high", "en"),
        ("sv", "en"),
    ],
)
def test_the_language_is_the_best_of_those_accepted(accepted: str, language: str) -> None:
    assert language_of(accepted) == language
