"""The command `guestlist` on the whole stack, as a person at a terminal and as a script use it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.cli.commands import app
from infra.cli.options import State
from tests.acceptance.client import Api, a_name, an_id
from tests.acceptance.stacks import Stack


def command(stack: Stack, *words: str, typed_text: str | None = None) -> Result:
    """Run the command, at a terminal if text is typed."""
    state = State(interactive=lambda: typed_text is not None)
    return CliRunner().invoke(app, ["--base", stack.address, *words], obj=state, input=typed_text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the files, with a terminal wide enough for whole sentences."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("GUESTLIST_TOKEN", raising=False)
    return tmp_path


def test_a_list_is_imported_checked_redeemed_listed_and_exported(stack: Stack, folder: Path) -> None:
    code, bad, group = an_id("code"), an_id("bad"), a_name("Friends")
    file = folder / "friends.csv"
    file.write_text(f"Code,Quantity\n{code},2\n{bad},none\n")
    outcome = command(stack, "import", str(file), "--group", group)
    assert (outcome.exit_code, "Imported 1 of 2 rows." in outcome.stdout) == (3, True)
    assert bad in (folder / "friends.refused.csv").read_text(encoding="utf-8")
    second = command(stack, "import", str(file), "--group", group)
    assert (second.exit_code, second.stderr.count("\n")) == (1, 1)
    assert command(stack, "check", code.upper(), "--quantity", "2").exit_code == 0
    assert command(stack, "check", bad).exit_code == 1
    for _ in range(2):  # the same order redeems nothing more
        assert ", 1 remaining." in command(stack, "redeem", code, "--order", code).stdout
    assert code in command(stack, "entries", group).stdout
    assert command(stack, "export", group, "-o", str(folder / "out.csv")).exit_code == 0
    assert f'"{code}"' in (folder / "out.csv").read_text(encoding="utf-8")


def test_questions_about_a_file_are_asked_and_enter_accepts_the_suggestion(
    stack: Stack, organiser: Api, folder: Path
) -> None:
    group, person = a_name("Regulars"), f"{an_id('ann')}@example.com"
    organiser.post("/v1/groups", {"name": group, "type": "manual"})
    file = folder / "people.csv"
    file.write_text(f"Email,Group\n{person},{group}\n{an_id('bo')}@example.com,Gold tier\n")
    # Two fields have no column; then consent, and the import itself.
    outcome = command(stack, "import", str(file), "--kind", "customers", typed_text="\n\n\n\ny\n\n")
    assert outcome.exit_code == 0, outcome.output
    assert "Imported 2 of 2 rows." in outcome.stdout
    assert organiser.get(f"/v1/customers/{person}")["groups"] == []


def test_without_a_terminal_a_question_fails_and_yes_accepts_the_suggestion(stack: Stack, folder: Path) -> None:
    file = folder / "orders.csv"
    file.write_text(f"Email,Group\n{an_id('bo')}@example.com,Gold tier\n")
    words = ("import", str(file), "--kind", "customers")
    assert "consent_required" in command(stack, *words, "--yes").stderr
    assert command(stack, *words, "--yes", "--consent").exit_code == 0
