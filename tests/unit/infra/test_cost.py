"""The costs of a stage: their calculation, and its result in docs/running.md."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from infra.cost import ASSUMPTIONS, MILLION, Units, assumptions, main, rows, table

ROOT = Path(__file__).parents[3]


@pytest.fixture
def cost_assumptions() -> Any:
    return assumptions()


def row(cost_assumptions: Any, what: str) -> Any:
    return next(one for one in rows(cost_assumptions) if one.what == what)


def test_every_unit_has_a_price(cost_assumptions: Any) -> None:
    assert {field.name for field in fields(Units)} <= cost_assumptions["prices"].keys()


@pytest.mark.parametrize("name", [field.name for field in fields(Units)])
def test_a_million_of_a_unit_costs_its_price(cost_assumptions: Any, name: str) -> None:
    assert Units(**{name: MILLION}).dollars(cost_assumptions["prices"]) == pytest.approx(
        cost_assumptions["prices"][name]
    )


def test_the_parts_of_a_price_add_up() -> None:
    prices = {field.name: 0.0 for field in fields(Units)} | {"table_write_units": 2.0, "mails": 100.0}
    assert Units(table_write_units=500_000, mails=1).dollars(prices) == pytest.approx(1.0001)


def test_an_import_costs_its_packed_write_units_its_record_and_its_search_index(cost_assumptions: Any) -> None:
    cost = row(cost_assumptions, "rows imported: codes")
    others = cost_assumptions["import"]["record_writes"] + cost_assumptions["search"]["write_units"]
    assert cost.packed.table_write_units == cost_assumptions["rows"]["codes"] + others
    assert cost.plain.table_write_units == MILLION + others
    assert cost.packed.table_read_units == cost_assumptions["search"]["read_units"]
    seconds = cost_assumptions["import"]["seconds_a_million"] + cost_assumptions["search"]["seconds"]
    assert cost.packed.function_gigabyte_seconds == pytest.approx(cost_assumptions["import"]["gigabytes"] * seconds)


def test_packing_saves_write_units_and_nothing_else(cost_assumptions: Any) -> None:
    for one in rows(cost_assumptions):
        if one.what.startswith("rows"):
            saved = {
                field.name
                for field in fields(Units)
                if getattr(one.packed, field.name) != getattr(one.plain, field.name)
            }
            assert saved == {"table_write_units"}


def test_a_million_checks_are_a_million_requests(cost_assumptions: Any) -> None:
    cost = row(cost_assumptions, "checks").packed
    assert (cost.api_requests, cost.function_requests) == (MILLION, MILLION)
    assert cost.table_read_units == cost_assumptions["check"]["read_units"] * MILLION
    assert cost.function_gigabyte_seconds == pytest.approx(
        cost_assumptions["check"]["gigabytes"] * cost_assumptions["check"]["seconds"] * MILLION
    )


def test_a_full_pass_is_scaled_to_a_million_people(cost_assumptions: Any) -> None:
    cost_assumptions["resync"] |= {"customers": 200_000, "read_units": 10}
    assert row(cost_assumptions, "members resynced").packed.table_read_units == 50


def test_other_prices_give_another_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dearer = tmp_path / "dearer.toml"
    text = ASSUMPTIONS.read_text(encoding="utf-8")
    dearer.write_text(text.replace("api_requests = 3.50", "api_requests = 350.00"), encoding="utf-8")
    assert main(["--assumptions", str(dearer)]) == 0
    assert "$35" in next(line for line in capsys.readouterr().out.splitlines() if "checks" in line)


@pytest.mark.parametrize("text", ["[prices", "", "[prices]"], ids=["no TOML", "nothing", "no units"])
def test_an_invalid_cost_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    assert main(["--assumptions", str(path)]) == 1
    assert str(path) in capsys.readouterr().err


def test_the_table_is_documented(cost_assumptions: Any) -> None:
    assert table(cost_assumptions) in (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
