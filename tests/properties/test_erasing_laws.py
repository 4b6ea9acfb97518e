"""An erasure whose workers are killed anywhere has the same result, and nobody else loses data."""

from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.erasure.model import AddressMatcher
from guestlist.erasure.worker import RECHECK_DELAY
from guestlist.imports.model import Consent, Mode
from guestlist.model.email_address import fold_email
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.imports import START
from tests.unit.erasure.harness import ANN, World
from tests.unit.imports.harness import Harness, options

people = st.sampled_from([ANN, "Ann@Example.COM", "xann@example.com", "bob@example.com", "ann@example.com.au", ""])
rows = st.lists(st.tuples(st.sampled_from(["", "A", "b", "C7"]), people, st.sampled_from(["", "R-1"])), max_size=8)
files = st.lists(st.tuples(st.sampled_from([Mode.REPLACE, Mode.APPEND, Mode.REMOVE]), rows), max_size=3)
kills = st.lists(st.tuples(st.integers(1, 90), st.booleans()), max_size=3)
Rows = Sequence[tuple[str, str, str]]


def imported(folder: str, first: Rows, more: Sequence[tuple[Mode, Rows]]) -> World:
    """A list of these rows, changed by one file after the other; all of them have a row of nobody."""
    world = World(Harness(Path(folder)))
    for number, (mode, some) in enumerate([(Mode.CREATE, first), *more], 1):
        lines = [",".join(row) for row in some]
        text = "\n".join(["Code,Email,Seat", f"K{number},,", *lines, f",{ANN},{'x' * 999}"])
        consent = Consent(by="me", at=START, notify=ANN)
        world.harness.imported(text, f"imp-{number}", options=options(mode=mode), consent=consent)
    return world


@given(rows, files, kills)
@settings(max_examples=80)
def test_an_erasure_killed_anywhere_and_resumed_has_the_same_result(
    first: Rows, more: Sequence[tuple[Mode, Rows]], kills: Sequence[tuple[int, bool]]
) -> None:
    with TemporaryDirectory() as folder:
        peaceful, disturbed = imported(folder, first, more), imported(folder, first, more)
        before = peaceful.harness.entries()
        peaceful.erased()
        disturbed.request_erasure()
        for at, after in kills:
            with suppress(Killed):
                disturbed.turn(injector=CrashInjector(at, after=after))
            if ANN not in disturbed.erasures.in_progress:
                break
        if ANN in disturbed.erasures.in_progress:
            assert disturbed.turn()
        assert disturbed.leftovers() == peaceful.leftovers()
        assert peaceful.harness.entries() == [one for one in before if fold_email(one.email) != ANN]
        assert not AddressMatcher(ANN).matches(peaceful.texts())
        assert ANN in disturbed.erasures.ended_at


@given(rows, files, st.integers(1, 4))
@settings(max_examples=40)
def test_an_erasure_in_short_turns_ends_like_one_in_a_long_turn(
    first: Rows, more: Sequence[tuple[Mode, Rows]], steps: int
) -> None:
    with TemporaryDirectory() as folder:
        long, short = imported(folder, first, more), imported(folder, first, more)
        long.erased()
        short.request_erasure()
        for _ in range(60):
            short.harness.clock.remaining_checks = steps
            if short.turn():
                break
        assert short.leftovers() == long.leftovers()
        assert ANN in short.erasures.ended_at


places = st.sampled_from(["drop", "exports", "reports", "uploads"])
names = st.text(st.sampled_from("/a.%#é \u200b-imp1"), max_size=12)
foreign = st.tuples(places, names).map(lambda key: f"{key[0]}/demo/{key[1]}")
bodies = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"", ANN.encode(), f"Email\n{ANN}\n".encode(), f"\ufeffEmail\n{ANN}".encode(), b"PK\x03\x04 "]),
)


@given(rows, st.dictionaries(foreign, bodies, max_size=8))
@settings(max_examples=80)
def test_an_erasure_ends_and_leaves_nothing_for_any_content_of_the_bucket(
    first: Rows, foreign_files: dict[str, bytes]
) -> None:
    with TemporaryDirectory() as folder:
        world = imported(folder, first, [])
        world.harness.files.objects.update({(key, "f1"): body for key, body in foreign_files.items()})
        world.erased()
        assert ANN in world.erasures.ended_at
        assert not AddressMatcher(ANN).matches(world.texts())


class Asking(StrEnum):
    """The events during an erasure."""

    ASK = "somebody asks for the erasure"
    TURN = "a worker takes its turn"
    SHORT = "a worker runs out of time"
    WAIT = "time passes"


@given(rows, st.dictionaries(foreign, bodies, max_size=8), st.lists(st.sampled_from(Asking), max_size=12))
@settings(max_examples=80)
def test_an_erasure_requested_any_number_of_times_ends_and_leaves_nothing(
    first: Rows, foreign_files: dict[str, bytes], askings: Sequence[Asking]
) -> None:
    with TemporaryDirectory() as folder:
        world = imported(folder, first, [])
        clock = world.harness.clock
        world.harness.files.objects.update({(key, "f1"): body for key, body in foreign_files.items()})
        for asking in askings:
            if asking is Asking.ASK:
                world.request_erasure()
            elif asking is Asking.WAIT:
                clock.advance(RECHECK_DELAY)
            elif ANN in world.erasures.in_progress and world.erasures.due[ANN] <= clock.now():
                clock.remaining_checks = 3 if asking is Asking.SHORT else None
                world.turn()
        clock.remaining_checks = None
        world.request_erasure()
        for _ in range(2):
            if ANN in world.erasures.in_progress:
                clock.advance(RECHECK_DELAY)
                assert world.turn()
        assert ANN not in world.erasures.in_progress
        assert not AddressMatcher(ANN).matches(world.texts())
