from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guestlist.customers.importing import row_pass
from guestlist.customers.model import Customer
from guestlist.groups.membership import Change, Membership, Source
from guestlist.groups.model import WelcomeEmail
from guestlist.imports.decision import About, Suggested
from guestlist.imports.model import Counts, LostMembership, OnError, Reason, Status
from guestlist.imports.problem_record import problem_text
from guestlist.model.duration import Duration, Unit
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.groups import FakeMemberships
from tests.fakes.imports import START
from tests.unit.customers.harness import CustomerHarness

ANN, BOB, CY = "ann@example.com", "bob@example.com", "cy@example.com"
HEAD = "Email,Customer groups\n"


@pytest.fixture
def harness(tmp_path: Path) -> CustomerHarness:
    return CustomerHarness(tmp_path)


def codes(harness: CustomerHarness, import_id: str = "imp-1") -> list[tuple[int, str]]:
    return [(problem["line"], problem["code"]) for problem in harness.imports.problems("demo", import_id)]


@pytest.mark.behaviour(217, 218, 219, 222, 223)
def test_the_groups_of_a_row_replace_all_manual_ones_of_that_person_only(harness: CustomerHarness) -> None:
    members, press, crew = (harness.group(name) for name in ("Members", "Press", "Crew"))
    for email, group in ((ANN, members), (ANN, press), (BOB, members)):
        harness.member(email, group)
    record = harness.imported(f"{HEAD}{ANN},press|CREW\n")
    assert (record.status, record.counts) == (Status.COMPLETE, Counts(1, 1, 0))
    assert (harness.of(ANN), harness.of(BOB)) == ({"Press", "Crew"}, {"Members"})
    assert record.effect == {
        "customers_created": 1,
        "names_changed": 0,
        "memberships_added": 1,
        "memberships_lost": 1,
        "mails_to_send": 0,
        "removal_dates_left": 0,
    }
    assert record.losses == {"Members": 1}
    assert record.lost_memberships == (LostMembership(ANN, "Members"),)
    assert harness.memberships.get_memberships("demo", ANN)[crew.group_id].source is Source.IMPORT


@pytest.mark.behaviour(220)
@pytest.mark.parametrize(
    ("text", "remaining"),
    [
        pytest.param(f"{HEAD}{ANN},\n", set(), id="an empty cell ends all"),
        pytest.param(f"Email,Name\n{ANN},Ann\n", {"Members"}, id="no column of groups ends nothing"),
    ],
)
def test_a_file_without_group_names_ends_memberships_only_if_it_has_the_column(
    harness: CustomerHarness, text: str, remaining: set[str]
) -> None:
    harness.member(ANN, harness.group("Members"))
    assert harness.imported(text).status is Status.COMPLETE
    assert harness.of(ANN) == remaining


def test_memberships_of_automatic_groups_stay(harness: CustomerHarness) -> None:
    automatic = harness.group("Regulars", "automatic")
    harness.member(ANN, automatic, source=Source.RULE)
    harness.imported(f"{HEAD}{ANN},\n")
    assert harness.of(ANN) == {"Regulars"}


GROUPS = {
    "List": {"kind": "target"},
    "Regulars": {"kind": "automatic"},
    "Gone": {"deleted_at": START},
    "Over": {"expires_at": START},
}


@pytest.mark.behaviour(221)
@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("Nowhere", "unknown_group", id="no such group"),
        pytest.param("List", "unknown_group", id="a target group"),
        pytest.param("Gone", "unknown_group", id="a deleted group"),
        pytest.param("Regulars", "automatic_group", id="an automatic group"),
        pytest.param("Over", "group_expired", id="an expired group"),
    ],
)
def test_an_invalid_group_refuses_the_row_and_changes_nothing(harness: CustomerHarness, name: str, code: str) -> None:
    for group_name, facts in GROUPS.items():
        harness.group(group_name, **facts)
    harness.group("Press")
    harness.member(ANN, harness.group("Members"))
    record = harness.imported(f"{HEAD}{ANN},Press|{name}\n{BOB},Press\n")
    assert (record.status, record.counts) == (Status.PARTIAL, Counts(2, 1, 1))
    assert codes(harness) == [(2, code)]
    assert (harness.of(ANN), harness.of(BOB)) == ({"Members"}, {"Press"})


@pytest.mark.behaviour(221)
def test_nobody_becomes_a_customer_by_a_row_that_is_refused_for_its_group(harness: CustomerHarness) -> None:
    harness.group("Press")
    record = harness.imported(f"{HEAD}{ANN},Nowhere\n{BOB},Press\n")
    assert record.effect is not None
    assert record.effect["customers_created"] == 1
    assert set(harness.customers.stored) == {("demo", BOB)}


def test_a_member_of_an_expired_group_may_be_named_in_it(harness: CustomerHarness) -> None:
    over = harness.group("Over", expires_at=START)
    member = harness.member(ANN, over)
    assert harness.imported(f"{HEAD}{ANN},Over\n").status is Status.COMPLETE
    assert harness.memberships.get_memberships("demo", ANN) == {over.group_id: member}


@pytest.mark.parametrize("review", [False, True], ids=["at once", "reviewed"])
def test_a_person_repeated_with_the_same_name_and_groups_is_no_refused_row(
    harness: CustomerHarness, review: bool
) -> None:
    harness.group("Members")
    harness.group("Press")
    rows = f"{ANN},Ann,Members|Press\n{BOB},Bob,\n{ANN.upper()},Ann,press | members\n{BOB},Bob,\n{BOB},Bob,\n"
    record = harness.imported(f"Email,Name,Customer groups\n{rows}", review=review)
    record = harness.confirmed() if review else record
    assert (record.status, record.refused_file) == (Status.COMPLETE, False)
    assert record.counts == Counts(total=5, imported=2, refused=0, repeated=3)


@pytest.mark.parametrize("row", [f"{ANN},Anna,Members", f"{ANN},Ann,Press", f"{ANN},Ann,"])
def test_a_person_repeated_with_something_else_is_refused(harness: CustomerHarness, row: str) -> None:
    harness.group("Members")
    harness.group("Press")
    record = harness.imported(f"Email,Name,Customer groups\n{ANN},Ann,Members\n{row}\n{row}\n{ANN},Ann,Members\n")
    assert (codes(harness), record.counts.repeated) == ([(3, "duplicate_in_file"), (4, "duplicate_in_file")], 1)


def test_a_person_twice_in_a_file_is_refused_with_the_first_line(harness: CustomerHarness) -> None:
    harness.group("Members")
    harness.group("Press")
    harness.imported(f"{HEAD}{ANN},Members\n{BOB},Press\n{ANN.upper()},Press\n")
    assert codes(harness) == [(4, "duplicate_in_file")]
    assert "line 2" in problem_text(harness.imports.problems("demo", "imp-1")[0])
    assert harness.of(ANN) == {"Members"}


@pytest.mark.parametrize(
    ("column", "lifetime", "ends"),
    [
        pytest.param("", None, None, id="for ever"),
        pytest.param("", Duration(2, Unit.WEEKS), START + timedelta(days=14), id="the group's lifetime"),
        pytest.param("2026-11-21", None, datetime(2026, 11, 22, tzinfo=UTC), id="the end of the same day"),
        pytest.param("2027-01-31", Duration(2, Unit.WEEKS), datetime(2027, 2, 1, tzinfo=UTC), id="the file's date"),
    ],
)
def test_a_new_membership_ends_as_the_file_or_the_group_says(
    harness: CustomerHarness, column: str, lifetime: Duration | None, ends: datetime | None
) -> None:
    group = harness.group("Members", lifetime=lifetime)
    harness.imported(f"Email,Customer groups,Removal date\n{ANN},Members,{column}\n")
    assert harness.memberships.get_memberships("demo", ANN)[group.group_id].removal_at == ends


def test_a_removal_date_in_the_past_is_refused(harness: CustomerHarness) -> None:
    harness.group("Members")
    record = harness.imported(f"Email,Customer groups,Removal date\n{ANN},Members,2026-11-20\n{BOB},Members,\n")
    assert (record.counts, codes(harness)) == (Counts(2, 1, 1), [(2, "bad_date")])
    assert "“2026-11-20” is in the past" in problem_text(harness.imports.problems("demo", "imp-1")[0])
    assert harness.of(ANN) == set()


def test_a_group_that_the_person_is_in_keeps_its_end(harness: CustomerHarness) -> None:
    group = harness.group("Members")
    member = harness.member(ANN, group, removal_at=START + timedelta(days=1))
    harness.imported(f"Email,Customer groups,Removal date\n{ANN},Members,2027-01-31\n")
    assert harness.memberships.get_memberships("demo", ANN) == {group.group_id: member}


def test_an_ended_membership_is_replaced_by_a_new_one(harness: CustomerHarness) -> None:
    harness.member(ANN, harness.group("Members"), removal_at=START)
    assert harness.of(ANN) == set()
    harness.imported(f"{HEAD}{ANN},Members\n")
    assert harness.of(ANN) == {"Members"}


def test_unknown_people_become_customers_and_existing_ones_get_the_name_of_the_file(
    harness: CustomerHarness,
) -> None:
    customer = Customer(email="Ann@Example.com", name="Ann", created_at=START - timedelta(days=9))
    harness.customers.ensure_customers("demo", [customer])
    record = harness.imported(f"Email,Name\n{ANN},Other\n{BOB},Bob\n")
    assert harness.customers.get_customer("demo", ANN) == replace(customer, name="Other")
    assert harness.customers.get_customer("demo", BOB) == Customer(email=BOB, name="Bob", created_at=START)
    assert record.effect
    assert (record.effect["customers_created"], record.effect["names_changed"]) == (1, 1)


@pytest.mark.parametrize("text", [f"Email,Name\n{ANN},\n", f"Email\n{ANN}\n", f"Email,Name\n{ANN},Ann\n"])
def test_a_file_that_states_no_other_name_changes_none(harness: CustomerHarness, text: str) -> None:
    harness.customers.ensure_customers("demo", [Customer(email=ANN, name="Ann", created_at=START)])
    record = harness.imported(text)
    assert record.effect is not None
    assert (harness.customers.stored["demo", ANN].name, record.effect["names_changed"]) == ("Ann", 0)


def test_names_of_existing_customers_change_once_confirmed_although_none_are_created(
    harness: CustomerHarness,
) -> None:
    harness.customers.ensure_customers("demo", [Customer(email=ANN, name="Ann", created_at=START)])
    waiting = harness.imported(f"Email,Name\n{ANN},Other\n", review=True, create_missing=False)
    assert waiting.effect is not None
    assert (waiting.effect["names_changed"], harness.customers.stored["demo", ANN].name) == (1, "Ann")
    assert harness.confirmed().status is Status.COMPLETE
    assert harness.customers.stored["demo", ANN].name == "Other"


@pytest.mark.parametrize("review", [False, True], ids=["at once", "reviewed"])
def test_a_removal_date_that_is_not_used_is_counted_in_a_notice(harness: CustomerHarness, review: bool) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    members = harness.group("Members")
    harness.member(ANN, members)
    harness.member(CY, members, removal_at=until)
    rows = f"{ANN},Members,2030-01-01\n{BOB},Members,2030-01-01\n{CY},Members,2030-01-01T00:00:00Z\n"
    record = harness.imported(f"Email,Customer groups,Removal date\n{rows}", review=review)
    for one in (record, harness.confirmed()) if review else (record,):
        assert one.effect is not None
        assert one.detected is not None
        assert one.effect["removal_dates_left"] == 1
        assert [message.code for message in one.detected.messages] == ["removal_dates_left"]


def test_a_removal_date_without_a_group_ends_nothing_and_a_notice_says_so(harness: CustomerHarness) -> None:
    record = harness.imported(f"Email,Removal date\n{ANN},2030-01-01\n")
    assert record.effect is not None
    assert record.effect["removal_dates_left"] == 1


def test_the_end_of_a_survey_or_of_another_systems_membership_refuses_nobody(harness: CustomerHarness) -> None:
    record = harness.imported(f"Email,End date\n{ANN},2020-01-01\n{BOB},05/06/2020 10:11\n")
    assert (record.status, record.counts) == (Status.COMPLETE, Counts(2, 2, 0))


def test_unknown_people_are_refused_if_none_are_to_be_created(harness: CustomerHarness) -> None:
    harness.group("Members")
    harness.customers.ensure_customers("demo", [Customer(email=ANN, name="", created_at=START)])
    record = harness.imported(f"{HEAD}{BOB},Members\n{ANN},Members\n", create_missing=False)
    assert (record.counts, codes(harness)) == (Counts(2, 1, 1), [(2, "unknown_entry")])
    assert "is not a customer" in problem_text(harness.imports.problems("demo", "imp-1")[0])
    assert harness.customers.get_customer("demo", BOB) is None


@pytest.mark.parametrize("suppressed", [False, True])
def test_added_people_get_a_welcome_mail_unless_it_is_suppressed(harness: CustomerHarness, suppressed: bool) -> None:
    group = harness.group("Members", welcome=WelcomeEmail(enabled=True))
    harness.group("Press")
    record = harness.imported(f"{HEAD}{ANN},Members|Press\n", suppress_welcome=suppressed)
    owed = [] if suppressed else [("demo", ANN, group.group_id)]
    assert harness.memberships.welcomed == owed
    assert record.effect
    assert record.effect["mails_to_send"] == len(owed)


def test_a_file_of_people_needs_consent(harness: CustomerHarness) -> None:
    record = harness.imported(f"Email\n{ANN}\n", consent=None)
    assert (record.status, record.reason) == (Status.FAILED, Reason.CONSENT_REQUIRED)
    assert harness.customers.stored == {}


def test_a_review_waits_for_missing_consent(harness: CustomerHarness) -> None:
    record = harness.imported(f"Email\n{ANN}\n", consent=None, review=True)
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.CONSENT_REQUIRED)
    assert harness.confirmed().status is Status.COMPLETE


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param(f"{HEAD}{ANN},Members\n", Status.FAILED, id="with groups"),
        pytest.param(f"Email\n{ANN}\n", Status.COMPLETE, id="without"),
    ],
)
def test_with_customer_groups_switched_off_a_file_may_not_name_any(
    harness: CustomerHarness, text: str, status: Status
) -> None:
    harness.group("Members")
    harness.feature = False
    record = harness.imported(text)
    assert record.status is status
    assert record.reason is (Reason.FEATURE_OFF if status is Status.FAILED else None)


def test_on_error_abort_with_a_refused_row_imports_nothing(harness: CustomerHarness) -> None:
    harness.group("Members")
    record = harness.imported(f"{HEAD}{ANN},Members\n{BOB},Nowhere\n", on_error=OnError.ABORT)
    assert (record.status, record.reason) == (Status.FAILED, Reason.ROWS_REFUSED)
    assert (harness.of(ANN), harness.customers.stored) == (set(), {})


@pytest.mark.behaviour(28)
def test_a_review_shows_the_effect_and_stores_nothing_until_confirmed(harness: CustomerHarness) -> None:
    harness.group("Press")
    harness.member(ANN, harness.group("Members"))
    before = harness.state()
    record = harness.imported(f"{HEAD}{ANN},Press\n{BOB},Nowhere\n", review=True)
    assert (record.status, record.counts) == (Status.AWAITING_REVIEW, Counts(2, 0, 1, would_import=1))
    assert record.effect
    assert (record.effect["memberships_added"], record.effect["memberships_lost"]) == (1, 1)
    assert harness.state() == before
    assert harness.confirmed().status is Status.PARTIAL
    assert harness.of(ANN) == {"Press"}


def test_after_a_correction_the_effect_is_that_of_the_corrected_file(harness: CustomerHarness) -> None:
    harness.group("Press")
    harness.member(ANN, harness.group("Members"))
    text = f"Email,Customer groups,Names\n{ANN},,Press\n"
    reviewed = harness.imported(text, review=True)
    final_record = harness.confirmed(mapping={"Email": 0, "Customer groups": 2})
    assert reviewed.effect
    assert final_record.effect
    assert (reviewed.effect["memberships_added"], final_record.effect["memberships_added"]) == (0, 1)


# The guard on mass removals


def people_file(harness: CustomerHarness, lose: int, stay: int) -> str:
    """A file that leaves out so many of the members of a group."""
    group = harness.group("Members")
    emails = [f"p{number}@example.com" for number in range(lose + stay)]
    for email in emails:
        harness.member(email, group)
    return HEAD + "".join(f"{email},\n" for email in emails[:lose])


@pytest.mark.parametrize(
    ("lose", "stay", "waits"),
    [
        pytest.param(100, 0, False, id="a hundred"),
        pytest.param(101, 0, True, id="more than a hundred"),
        pytest.param(101, 1919, False, id="five per cent"),
        pytest.param(101, 1918, True, id="more than five per cent"),
    ],
)
def test_a_file_that_would_end_very_many_memberships_waits_for_confirmation(
    harness: CustomerHarness, lose: int, stay: int, waits: bool
) -> None:
    record = harness.imported(people_file(harness, lose, stay))
    assert (record.status is Status.AWAITING_REVIEW) is waits
    assert record.reason is (Reason.CONFIRM_REMOVALS_REQUIRED if waits else None)
    assert len(harness.memberships.stored) == stay + (lose if waits else 0)


def test_an_import_with_many_removals_continues_only_once_they_are_confirmed(harness: CustomerHarness) -> None:
    harness.imported(people_file(harness, 101, 0))
    assert harness.confirmed().reason is Reason.CONFIRM_REMOVALS_REQUIRED
    assert harness.confirmed(confirm_removals=True).status is Status.COMPLETE
    assert harness.memberships.stored == {}


@pytest.mark.parametrize(("dropped", "waits"), [(True, ["imp-1"]), (False, [])], ids=["dropped", "sent to the form"])
def test_only_the_organiser_of_a_dropped_file_is_mailed_once_that_it_waits(
    harness: CustomerHarness, dropped: bool, waits: list[str]
) -> None:
    source = replace(harness.upload(people_file(harness, 101, 0)), dropped=dropped)
    assert harness.run(source).status is Status.AWAITING_REVIEW
    assert (harness.imports.waits, harness.imports.mails) == (waits, [])
    assert harness.confirmed().status is Status.AWAITING_REVIEW
    assert harness.confirmed(confirm_removals=True).status is Status.COMPLETE
    assert (harness.imports.waits, harness.imports.mails) == (waits, ["imp-1"])


# Others at work, and workers that die


def test_a_row_that_loses_a_race_is_decided_again_and_an_undo_restores_the_winner(
    harness: CustomerHarness,
) -> None:
    members, press = harness.group("Members"), harness.group("Press")
    harness.group("Crew")
    was = harness.member(ANN, members)
    comes = Change(before=None, after=replace(was, group_id=press.group_id), by="somebody")
    goes = Change(before=was, after=None, by="somebody")
    harness.memberships.meddlers.append(lambda: harness.memberships.apply("demo", [comes, goes], START))
    assert harness.imported(f"{HEAD}{ANN},Crew\n").status is Status.COMPLETE
    assert harness.of(ANN) == {"Crew"}
    harness.undone()
    assert harness.of(ANN) == {"Press"}


def test_a_worker_short_of_time_leaves_the_rest_to_another(
    harness: CustomerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_pass, "BLOCK_SIZE", 1)
    harness.group("Members")
    harness.clock.remaining_checks = 4
    record = harness.run(harness.upload(f"{HEAD}{ANN},Members\n{BOB},Members\n{CY},Members\n"))
    assert (record.status, len(harness.queue.resumed)) == (Status.IMPORTING, 1)
    harness.clock.remaining_checks = None
    assert harness.run().status is Status.COMPLETE
    assert [harness.of(email) for email in (ANN, BOB, CY)] == [{"Members"}] * 3


def test_the_decision_on_a_row_stays_whatever_happens_before_another_worker_resumes(
    harness: CustomerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_pass, "BLOCK_SIZE", 2)
    harness.group("Members")
    harness.clock.remaining_checks = 2
    text = f"{HEAD}{ANN},Members\n{BOB},Later\n{CY},Members\ndee@example.com,Later\n"
    assert harness.run(harness.upload(text)).status is Status.IMPORTING
    harness.clock.remaining_checks = None
    harness.group("Later")
    record = harness.run()
    assert (record.counts, codes(harness)) == (Counts(4, 3, 1), [(3, "unknown_group")])
    assert [harness.of(email) for email in (BOB, "dee@example.com")] == [set(), {"Later"}]


@dataclass
class CountingMemberships(FakeMemberships):
    """`reads` has the number of people of each read of memberships."""

    reads: list[int] = field(default_factory=list)

    def get_memberships(self, org: str, email: str) -> Mapping[str, Membership]:
        self.reads.append(1)
        return super().get_memberships(org, email)

    def get_memberships_of_each(self, org: str, emails: Sequence[str]) -> Mapping[str, Mapping[str, Membership]]:
        self.reads.append(len(emails))
        return {email: FakeMemberships.get_memberships(self, org, email) for email in emails}

    def find_memberships(self, org: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        self.reads.append(len({email for email, _ in pairs}))
        return super().find_memberships(org, pairs)


def counting(harness: CustomerHarness) -> list[int]:
    """Count the people of each read of memberships from now on."""
    harness.memberships = CountingMemberships()
    return harness.memberships.reads


def many_people(harness: CustomerHarness, people: int) -> str:
    """A file that adds so many people to a group."""
    harness.group("Members")
    return HEAD + "".join(f"p{number}@example.com,Members\n" for number in range(people))


def test_the_memberships_of_a_block_of_people_are_read_together_once_in_each_pass(harness: CustomerHarness) -> None:
    reads = counting(harness)
    assert harness.imported(many_people(harness, 1_100)).status is Status.COMPLETE
    assert reads == [500, 500, 100] * 2


def test_no_memberships_are_read_for_a_file_that_says_nothing_of_groups(harness: CustomerHarness) -> None:
    reads = counting(harness)
    assert harness.imported(f"Email,Name\n{ANN},Ann\n").status is Status.COMPLETE
    assert reads == []


@pytest.mark.parametrize(("remaining", "reads"), [(1, [2] * 6), (5, [2] * 2)], ids=["reading", "storing"])
def test_another_worker_repeats_no_decided_row(
    harness: CustomerHarness, monkeypatch: pytest.MonkeyPatch, remaining: int, reads: list[int]
) -> None:
    monkeypatch.setattr(row_pass, "BLOCK_SIZE", 2)
    harness.clock.remaining_checks = remaining
    harness.run(harness.upload(many_people(harness, 8)))
    harness.clock.remaining_checks, read = None, counting(harness)
    assert harness.run().counts == Counts(8, 8, 0)
    assert read == reads


def furnished(folder: Path) -> CustomerHarness:
    folder.mkdir(exist_ok=True)
    harness = CustomerHarness(folder)
    members, press = harness.group("Members", welcome=WelcomeEmail(enabled=True)), harness.group("Press")
    harness.member(ANN, members)
    harness.member(BOB, press)
    harness.member(CY, members, removal_at=START - timedelta(hours=1))
    return harness


FILE = f"{HEAD}{ANN},Press\n{BOB},Members|Press\n{CY},Members\ndee@example.com,Nowhere\n{ANN},\neve@example.com,\n"


@pytest.mark.parametrize("at", range(1, 34))
@pytest.mark.parametrize("after", [False, True])
def test_after_a_worker_dies_another_completes_the_import_and_it_can_be_undone(
    tmp_path: Path, at: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_pass, "BLOCK_SIZE", 2)
    whole, broken = furnished(tmp_path / "whole"), furnished(tmp_path / "broken")
    before = broken.memberships.stored.copy()
    expected, injector = whole.imported(FILE), CrashInjector(at, after=after)
    with pytest.raises(Killed):
        broken.run(broken.upload(FILE), injector=injector)
    broken.silence()
    record = broken.run()
    compared = ("status", "counts", "effect")
    assert [getattr(record, name) for name in compared] == [getattr(expected, name) for name in compared]
    assert broken.state() == whole.state()
    assert codes(broken) == codes(whole)
    assert broken.undone().texts() == ()
    assert broken.memberships.stored == before


def test_stored_results_of_refused_rows_hold_no_personal_data(harness: CustomerHarness) -> None:
    harness.group("Press")
    record = harness.imported(f"{HEAD}{ANN},Press|{BOB}\n{CY},Press\n")
    assert (record.counts, codes(harness)) == (Counts(2, 1, 1), [(2, "unknown_group")])
    assert [problem["value"] for problem in harness.imports.problems("demo", "imp-1")] == [BOB]
    assert harness.row_results.stored
    assert "@" not in repr(harness.row_results.stored)


@pytest.mark.parametrize("header", ["Groups", "Groepen", "Gruppe"])
def test_a_column_named_groups_is_read_if_all_its_values_are_customer_groups(
    harness: CustomerHarness, header: str
) -> None:
    members, _ = harness.group("Members"), harness.group("Press")
    harness.member(BOB, members)
    assert harness.imported(f"Email,{header}\n{ANN},press\n{BOB},\n").status is Status.COMPLETE
    assert (harness.of(ANN), harness.of(BOB)) == ({"Press"}, set())


@pytest.mark.parametrize("cell", ["Choir", ""], ids=["another-systems", "empty"])
def test_groups_of_another_system_are_ignored_with_a_notice(harness: CustomerHarness, cell: str) -> None:
    harness.member(ANN, harness.group("Members"))
    record = harness.imported(f"Email,Group\n{ANN},{cell}\n")
    assert (record.status, harness.of(ANN)) == (Status.COMPLETE, {"Members"})
    assert record.detected
    assert any("“Group” was not read" in note for note in record.detected.texts())


def test_a_column_with_some_known_groups_is_asked_about_and_ignored_when_confirmed(
    harness: CustomerHarness,
) -> None:
    harness.member(ANN, harness.group("Members"))
    record = harness.imported(f"Email,Groups\n{ANN},Choir\n{BOB},Members\n")
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.DECISION_REQUIRED)
    assert (harness.of(ANN), harness.customers.stored) == ({"Members"}, {})
    assert [decision.about for decision in record.decisions] == [About.GROUPS_COLUMN]
    assert record.suggested == Suggested(mapping={"Email": 0})
    assert record.counts.would_import == 2
    assert harness.confirmed().status is Status.COMPLETE
    assert (harness.of(ANN), harness.of(BOB)) == ({"Members"}, set())


def test_a_shops_price_group_changes_no_customer_groups(harness: CustomerHarness) -> None:
    harness.member(ANN, harness.group("Members"))
    record = harness.imported(f"Order ID,Email,Customer Group\n1,{ANN},Default\n2,{BOB},Wholesale\n")
    assert (record.status, harness.of(ANN), harness.of(BOB)) == (Status.COMPLETE, {"Members"}, set())


def test_an_unknown_customer_group_in_a_file_of_nothing_else_is_refused(harness: CustomerHarness) -> None:
    record = harness.imported(f"Email,Customer Group\n{ANN},Membres\n")
    assert (record.status, codes(harness)) == (Status.FAILED, [(2, "unknown_group")])


def test_with_very_many_groups_all_memberships_of_a_person_are_read(harness: CustomerHarness) -> None:
    for number in range(20):
        harness.member(ANN, harness.group(f"Group {number}"))
    record = harness.imported(f"{HEAD}{ANN},Group 3\n")
    assert record.effect
    assert (record.effect["memberships_lost"], harness.of(ANN)) == (19, {"Group 3"})
