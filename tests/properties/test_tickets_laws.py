"""Laws of ticket imports, over random files, capacities, deaths and live sales."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.customers.model import Customer
from guestlist.imports.problem_record import problem_text
from guestlist.imports.reading.problems import BadEmail, Problem
from guestlist.tickets.importing import blocks as ticket_blocks
from guestlist.tickets.importing.review import review_tickets
from guestlist.tickets.importing.rows import import_tickets
from guestlist.tickets.importing.tally import ContactTally, TicketTally
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.tickets import AT, FILE, ARow, World, a_ticket

Outcome = tuple[TicketTally, ContactTally, list[tuple[int, str, str]]]

CODES = st.sampled_from([f"C{n}" for n in range(14)])
EMAILS = st.sampled_from(["", "", "ann@x.org", "ANN@x.org", "bob@x.org", "cy@x.org"])
ROWS = st.lists(st.one_of(st.builds(ARow, CODES, st.just("N"), EMAILS), st.none()), max_size=16)
CAPACITY = st.one_of(st.none(), st.integers(0, 14))
DEATHS = st.lists(st.tuples(st.integers(1, 24), st.booleans()), max_size=4)
BLOCKS = st.integers(1, 6)


def a_world() -> World:
    """Two codes and one customer are there already."""
    world = World()
    world.tickets.insert("demo", [a_ticket("C3", batch="01older"), a_ticket("C7", event_id="ball", batch="01older")])
    world.customers.ensure_customers("demo", [Customer(email="bob@x.org", created_at=AT.replace(year=2020))])
    return world


def run(world: World, rows: list[ARow | None], capacity: int | None, injector: CrashInjector) -> Outcome:
    problems: list[Problem] = []
    numbered = [(line, row) if row else BadEmail(line, "Email", "x") for line, row in enumerate(rows, start=2)]
    tally = import_tickets(
        numbered, FILE, injector.wrap(world.ports), lambda: capacity, lambda _line: None, problems.append
    )
    refusals = [(problem.line, problem.code, problem_text(problem.record())) for problem in problems]
    return tally.tickets, tally.contacts, refusals


def run_to_the_end(
    world: World, rows: list[ARow | None], capacity: int | None, deaths: list[tuple[int, bool]]
) -> Outcome:
    for at, after in deaths:
        try:
            run(world, rows, capacity, CrashInjector(at, after=after))
        except Killed:
            continue
    return run(world, rows, capacity, CrashInjector())


@given(rows=ROWS, capacity=CAPACITY, deaths=DEATHS, block=BLOCKS)
@settings(max_examples=400)
def test_an_import_killed_anywhere_and_resumed_ends_like_an_undisturbed_one(
    rows: list[ARow | None], capacity: int | None, deaths: list[tuple[int, bool]], block: int
) -> None:
    whole, broken = a_world(), a_world()
    with patch.object(ticket_blocks, "BLOCK_SIZE", block):
        expected = run_to_the_end(whole, rows, capacity, [])
        refusals = run_to_the_end(broken, rows, capacity, deaths)
    assert broken.state() == whole.state()
    assert refusals == expected


@given(rows=ROWS, capacity=st.integers(0, 14), live=st.lists(st.booleans(), max_size=30), deaths=DEATHS, block=BLOCKS)
@settings(max_examples=400)
def test_despite_live_sales_the_first_n_good_rows_are_imported_and_no_place_is_sold_twice(
    rows: list[ARow | None], capacity: int, live: list[bool], deaths: list[tuple[int, bool]], block: int
) -> None:
    world, turns, live_count = a_world(), iter(live), [0]

    def sell() -> None:
        if next(turns, False):
            live_count[0] += world.sales.sell("demo", "gala", capacity)
        assert world.sales.read_sales("demo", "gala").taken_places <= capacity

    with patch.object(ticket_blocks, "BLOCK_SIZE", block):
        for at, after in [*deaths, (None, False)]:
            try:
                tickets, _, _ = run(world, rows, capacity, CrashInjector(at, after=after, before_each_call=sell))
            except Killed:
                continue
    good = list(dict.fromkeys(row.code for row in rows if row and row.code not in {"C3", "C7"}))
    imported = [code for _, code in world.tickets.stored if code not in {"C3", "C7"}]
    sales = world.sales.read_sales("demo", "gala")
    assert set(imported) == set(good[: len(imported)])
    assert (sales.imported, sales.sold, sales.held_places) == (len(imported), len(imported) + live_count[0], 0)
    assert tickets.imported == len(imported)
    assert sales.sold == capacity or len(imported) == len(good)


@given(rows=ROWS, capacity=CAPACITY, block=BLOCKS)
def test_every_row_is_counted_once_and_every_row_without_a_ticket_is_reported(
    rows: list[ARow | None], capacity: int | None, block: int
) -> None:
    with patch.object(ticket_blocks, "BLOCK_SIZE", block):
        tickets, contacts, refusals = run(a_world(), rows, capacity, CrashInjector())
    assert tickets.total == len(rows)
    assert tickets.total == tickets.imported + tickets.duplicate + tickets.invalid + tickets.no_capacity
    assert contacts.total == contacts.imported + contacts.existed
    lines = [line for line, _, _ in refusals]
    assert lines == sorted(set(lines))
    assert len(refusals) == tickets.total - tickets.imported


@given(rows=ROWS, capacity=CAPACITY, block=BLOCKS)
@settings(max_examples=200)
def test_a_review_has_the_result_of_the_import_and_stores_nothing(
    rows: list[ARow | None], capacity: int | None, block: int
) -> None:
    world, problems = a_world(), list[Problem]()
    before = repr(world.state())
    numbered = [(line, row) if row else BadEmail(line, "Email", "x") for line, row in enumerate(rows, start=2)]
    with patch.object(ticket_blocks, "BLOCK_SIZE", block), TemporaryDirectory() as folder:
        forecast = review_tickets(
            numbered, FILE, world.ports, capacity, Path(folder), lambda _line: None, problems.append
        )
        assert not list(Path(folder).iterdir())
        assert repr(world.state()) == before
        tickets, contacts, refusals = run(world, rows, capacity, CrashInjector())
    assert (forecast.tally.tickets, forecast.tally.contacts) == (tickets, contacts)
    assert [(problem.line, problem.code, problem_text(problem.record())) for problem in problems] == refusals
    places = None if capacity is None else capacity - world.sales.read_sales("demo", "gala").sold
    assert forecast.places_left == places
