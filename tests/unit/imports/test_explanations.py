"""Why an import fails or waits: each sentence comes from the catalogue, in the organiser's language."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guestlist.imports.explanation import explanation, explanation_of
from guestlist.imports.file_options import OnQuestion
from guestlist.imports.model import Import, OnError, Reason
from guestlist.imports.result.mail import ResultText
from guestlist.messages import catalogue
from guestlist.messages.language import LANGUAGES, Language
from guestlist.organisers.model import Organiser
from tests.unit.imports.harness import Harness, options

SOURCE = Path(catalogue.__file__).parents[1]
FILES: dict[str, tuple[str | bytes, Reason, dict[str, Any]]] = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\n", Reason.NOT_CSV, {}),
    "zeros": (bytes(5000), Reason.NOT_CSV, {}),
    "nothing": ("", Reason.EMPTY_FILE, {}),
    "header": ("Code\n", Reason.EMPTY_FILE, {}),
    "delimiter": ("Code\nA\n", Reason.BAD_OPTION, {"delimiter": "semi"}),
    "encoding": ("Code\nA\n", Reason.BAD_ENCODING, {"encoding": "klingon"}),
    "bytes": (b"Code\nA\n\xff\n", Reason.BAD_ENCODING, {"encoding": "utf-8"}),
    "separator": ("Code,Quantity\nA,1\n", Reason.NO_KNOWN_COLUMN, {"delimiter": ";"}),
    "colon": ("Code:Quantity\nA:1\n", Reason.NO_KNOWN_COLUMN, {}),
    "first-row": ("VIP\nA1\nB2\n", Reason.NO_KNOWN_COLUMN, {}),
    "near-miss": ("Coode,Foo\nA1,x\n", Reason.NO_KNOWN_COLUMN, {}),
    "headerless": ("A1,1\nB2,1\n", Reason.NO_KNOWN_COLUMN, {}),
    "many": (",".join(f"c{n}x" for n in range(20)) + "\n" + ",".join("A" * 20) + "\n", Reason.NO_KNOWN_COLUMN, {}),
    "two": ("Code,Barcode\nA,B\n", Reason.AMBIGUOUS_MAPPING, {}),
    "field": ("A,B\nx,y\n", Reason.AMBIGUOUS_MAPPING, {"mapping": {"Colour": 0}}),
    "taken": ("A,B\nx,y\n", Reason.AMBIGUOUS_MAPPING, {"mapping": {"Code": 0, "Seat": 0}}),
    "same": ("A,A\nx,y\n", Reason.AMBIGUOUS_MAPPING, {"mapping": {"Code": "A"}}),
    "no-header": ("A,B\nx,y\n", Reason.AMBIGUOUS_MAPPING, {"mapping": {"Code": "C"}}),
    "no-column": ("A,B\nx,y\n", Reason.AMBIGUOUS_MAPPING, {"mapping": {"Code": 7}}),
    "refused": ("Code,Quantity\nA,1\nB,x\n", Reason.ROWS_REFUSED, {"on_error": OnError.ABORT}),
    "no-row": ("Code,Quantity\nA,x\n", Reason.NO_GOOD_ROW, {}),
    "question": ("Code,Status\nA,paid\nB,queried\n", Reason.DECISION_REQUIRED, {"on_question": OnQuestion.FAIL}),
}


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path)


def mailed(record: Import, language: Language) -> str:
    """The text of the result mail in that language, on one line."""
    organiser = Organiser(organiser_id="demo", name="Demo", time_zone="UTC", language=language)
    return " ".join(ResultText(record, organiser).letter([]).text.split())


@pytest.mark.parametrize(("content", "reason", "answers"), FILES.values(), ids=FILES)
def test_the_failure_of_a_file_is_explained_wholly_in_the_organisers_language(
    harness: Harness, content: str | bytes, reason: Reason, answers: dict[str, Any]
) -> None:
    record = harness.imported(content, options=options(**answers), consent=harness.agreed)
    assert (record.reason, record.detail) == (reason, None)
    texts = {language: explanation(record.detail_messages, language) for language in LANGUAGES}
    assert len({text for text in texts.values() if "{" not in text}) == len(LANGUAGES)
    for language in LANGUAGES:
        assert texts[language] in mailed(record, language)
        assert language == "en" or texts["en"] not in mailed(record, language)


def test_a_record_of_an_earlier_version_keeps_its_explanation(harness: Harness) -> None:
    record = harness.imported(b"%PDF-1.7\n", options=options())
    earlier = replace(record, detail=explanation(record.detail_messages), detail_messages=())
    assert explanation_of(earlier, "nl") == earlier.detail
    assert f"geen CSV-bestand. {earlier.detail}" in mailed(earlier, "nl")


def test_every_message_of_an_explanation_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    keys = [key.split(".")[1] for key in catalogue.texts("en") if key.startswith("import_detail.")]
    assert [key for key in keys if f'"{key}"' not in code] == []
