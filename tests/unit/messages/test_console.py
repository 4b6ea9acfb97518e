"""The console renders the catalogue's messages as the layer does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guestlist.messages import catalogue
from guestlist.messages.language import LANGUAGES
from infra import console

NODE = Path(sys.executable).parent / "node"
RENDERER = console.SOURCE / "src" / "messages.ts"
SCRIPT = """
import {{ fits, render }} from {renderer};
const cases = JSON.parse(await new Promise((done) => {{
  let text = "";
  process.stdin.on("data", (chunk) => (text += chunk)).on("end", () => done(text));
}}));
const answer = ([text, params, language]) => [fits(text, params), render(text, params, language)];
console.log(JSON.stringify(cases.map(answer)));
"""
CASES: list[tuple[str, dict[str, Any]]] = [
    ("rows.ready", {"n": 1}),
    ("rows.ready", {"n": 12_345}),
    ("note.spaces", {"n": 1, "lines": [7]}),
    ("note.spaces", {"n": 1_204, "lines": [2, 3, 1_000]}),
    ("note.unread", {"columns": ["Remarks", "{n}"]}),
    ("row.bad_email", {"value": "{value}$1$&"}),
    ("row.too_long", {"most": 1_000}),
    ("row.bad_email", {}),
]


@pytest.fixture(scope="module")
def rendered() -> list[list[Any]]:
    """Each case in each language, as the console renders it."""
    cases = [(catalogue.texts(one)[key], params, one) for key, params in CASES for one in LANGUAGES]
    script = SCRIPT.format(renderer=json.dumps(RENDERER.as_uri()))
    command = [str(NODE), "--no-warnings", "--input-type=module", "-e", script]
    process = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    output: list[list[Any]] = json.loads(process.stdout)
    return output


def test_the_console_and_the_layer_render_messages_alike(rendered: list[list[Any]]) -> None:
    ours = [catalogue.render(key, params, one) for key, params in CASES for one in LANGUAGES]
    assert [text for _, text in rendered] == ours


def test_the_console_detects_a_missing_parameter(rendered: list[list[Any]]) -> None:
    assert [whole for whole, _ in rendered] == [bool(params) for _, params in CASES for _ in LANGUAGES]


def test_the_console_has_the_messages_of_code_words_and_none_of_mails(tmp_path: Path) -> None:
    console.messages(tmp_path)
    module_text = (tmp_path / "generated" / "messages.ts").read_text(encoding="utf-8")
    tables = {line.split(" ")[2]: json.loads(line.partition(" = ")[2].rstrip(";")) for line in module_text.splitlines()}
    assert sorted(tables) == sorted(LANGUAGES)
    for language in LANGUAGES:
        assert tables[language]["row.bad_email"] == catalogue.texts(language)["row.bad_email"]
        assert not [key for key in tables[language] if key.startswith(("mail.", "welcome."))]


def taking_sentences_apart(folder: Path) -> list[str]:
    sources = [*folder.glob("src/**/*.ts"), *folder.glob("src/**/*.tsx")]
    return [path.name for path in sources if "new RegExp" in path.read_text(encoding="utf-8")]


def test_no_source_of_the_console_parses_a_sentence() -> None:
    assert taking_sentences_apart(console.SOURCE) == []


@pytest.mark.parametrize("name", ["planted.ts", "planted.tsx"])
def test_a_source_that_parses_a_sentence_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "src" / "screens").mkdir(parents=True)
    (tmp_path / "src" / "screens" / name).write_text("const line = new RegExp('line (.*)').exec(detail)\n")
    assert taking_sentences_apart(tmp_path) == [name]
