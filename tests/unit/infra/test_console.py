"""The console as it is packaged."""

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra import console
from infra.template import CONSOLE

Resources = dict[str, dict[str, Any]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the console's sources that a test may break."""
    copy = tmp_path / "console"
    shutil.copytree(console.SOURCE, copy, ignore=shutil.ignore_patterns("node_modules", "generated", "pictures"))
    (copy / "node_modules").symlink_to(console.SOURCE / "node_modules")
    return copy


def test_each_page_names_its_own_script_and_style_and_nothing_else_is_packaged(build: Path) -> None:
    with zipfile.ZipFile(build / CONSOLE) as layer:
        names = {name.removeprefix("python/console/") for name in layer.namelist()}
        pages = {page.name: layer.read(f"python/console/{page.file}").decode() for page in console.PAGES}
    assets = {name: sorted(re.findall(r'(?:src|href)="console/([^"]+)"', text)) for name, text in pages.items()}
    for name, parts in assets.items():
        assert {re.sub("-[A-Z0-9]+", "", part) for part in parts} == {f"{name}.css", f"{name}.js"}
    files = {part for parts in assets.values() for part in parts} | {page.file for page in console.PAGES}
    (worker,) = {name for name in names if name.startswith("workbook-")}
    licences = {f"{name}.LICENSE.txt" for name in ("console", "swagger-ui-dist", "read-excel-file")}
    assert names == files | {worker} | licences


def test_the_reader_of_workbooks_is_a_script_of_its_own_that_only_the_console_names(build: Path) -> None:
    with zipfile.ZipFile(build / CONSOLE) as layer:
        texts = {name.removeprefix("python/console/"): layer.read(name).decode() for name in layer.namelist()}
    (worker,) = {name for name in texts if name.startswith("workbook-")}
    naming = {name for name, text in texts.items() if worker in text}
    assert {re.sub("-[A-Z0-9]+", "", name) for name in naming} == {"console.js"}


def test_messages_of_code_words_are_bundled_without_those_of_mails_and_the_api(tmp_path: Path) -> None:
    console.messages(tmp_path)
    text = (tmp_path / "generated" / "messages.ts").read_text(encoding="utf-8")
    kinds = set(re.findall(r'"(\w+)\.', text))
    assert {"problem", "fault", "row"} <= kinds
    assert kinds.isdisjoint({"api", "mail", "explain"})
    # The reason why a URL is not allowed is in `detail`.
    assert '"problem.url_not_allowed"' in text
    assert '"fault.url_not_allowed' not in text


def test_a_page_that_reads_an_unknown_property_is_found(source: Path, tmp_path: Path) -> None:
    document = json.loads(console.DOCUMENT.read_text(encoding="utf-8"))
    answer = document["paths"]["/v1/customers/{email}"]["get"]["responses"]["200"]["content"]["application/json"]
    profile = document["components"]["schemas"][answer["schema"]["$ref"].rpartition("/")[2]]
    profile["properties"]["orders"] = {"type": "array", "items": {"type": "string"}}
    document_path = tmp_path / "openapi.json"
    document_path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(console.ConsoleFailed, match=re.escape("src/screens/customers/customer.tsx")):
        console.check(source, document_path)


def test_a_source_that_is_not_formatted_is_found_and_formatted(source: Path) -> None:
    spoiled = source / "src" / "answers.ts"
    sound = spoiled.read_text(encoding="utf-8")
    spoiled.write_text(sound.replace("import type {", "import   type {"), encoding="utf-8")
    with pytest.raises(console.ConsoleFailed, match=re.escape("src/answers.ts")):
        console.check(source)
    console.format_sources(source)
    assert spoiled.read_text(encoding="utf-8") == sound


def test_a_source_that_the_linter_warns_of_is_found(source: Path) -> None:
    (source / "src" / "spoiled.ts").write_text("export const first = (of: string[]): string => of[0]!;\n")
    with pytest.raises(console.ConsoleFailed, match="noNonNullAssertion"):
        console.check(source)


@pytest.mark.parametrize("library", ["swagger-ui-dist", "read-excel-file", "preact", "@preact/signals", "punycode"])
def test_shipped_libraries_are_pinned_and_have_no_install_scripts(library: str) -> None:
    package = json.loads((console.SOURCE / "package.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[0-9.]+", {**package["dependencies"], **package["devDependencies"]}[library])
    assert "ignore-scripts=true" in (console.SOURCE / ".npmrc").read_text(encoding="utf-8")


def test_the_console_belongs_to_the_api_alone(packaged: dict[str, Any]) -> None:
    functions = {
        name: one["Properties"].get("Layers", [])
        for name, one in packaged["Resources"].items()
        if one["Type"] == "AWS::Serverless::Function"
    }
    assert [name for name, layers in functions.items() if {"Ref": "ConsoleLayer"} in layers] == ["APIHandler"]


def test_the_same_sources_make_the_same_page(build: Path, tmp_path: Path) -> None:
    console.bundle(tmp_path / "console")
    files = {path.name: path.read_bytes() for path in (tmp_path / "console").iterdir()}
    assert files == {name: (build / "console" / name).read_bytes() for name in files}
