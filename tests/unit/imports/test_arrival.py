from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from guestlist.imports.explanation import explanation_of
from guestlist.imports.import_resolver import REWRITES, ImportResolver
from guestlist.imports.model import Import, Kind, Mode, Options, Reason, Source, WhenFull
from guestlist.model.errors import Invalid, Unknown
from guestlist.organisers.model import Organiser
from tests.fakes.imports import START, FakeFiles, FakeImports
from tests.unit.imports.builders import SOURCE, an_import


class KnownOrganisers:
    """The organiser demo, and nobody else."""

    def __init__(self, *, consent: bool = False) -> None:
        self._demo = Organiser(organiser_id="demo", name="Demo", consent_on_drop=consent)

    def get_organiser(self, org: str) -> Organiser:
        if org != "demo":
            raise Unknown("not_found.organiser", id=org)
        return self._demo


def read_options(metadata: Mapping[str, str]) -> Options:
    if metadata.get("mode") == "sideways":
        raise Invalid.field("mode", "not_one_of", expected="create, replace")
    mode = Mode(metadata["mode"]) if "mode" in metadata else None
    when_full = WhenFull(metadata["when_full"]) if "when_full" in metadata else None
    texts = {name: metadata.get(name) for name in ("group", "event_id", "notify")}
    return Options(mode=mode, when_full=when_full, consent=metadata.get("consent") == "true", **texts)


def a_door(*, consent: bool = False) -> ImportResolver:
    return ImportResolver(FakeImports(), FakeFiles(), KnownOrganisers(consent=consent), read_options)


def dropped(key: str, import_resolver: ImportResolver, version: str = "v1", import_id: str = "imp-1") -> Import | None:
    source = Source(key=key, version_id=version, size=3, modified=START, dropped=True)
    return import_resolver.resolve(source, import_id, START)


@pytest.mark.parametrize(
    ("key", "kind", "options"),
    [
        ("drop/demo/target-groups/My friends/f.csv", Kind.TARGET_GROUP, Options(group="My friends")),
        ("drop/demo/customers/c.csv", Kind.CUSTOMERS, Options()),
        ("drop/demo/purchases/p.csv", Kind.PURCHASES, Options()),
        ("drop/demo/tickets/fest/stop/t.csv", Kind.TICKETS, Options(event_id="fest", when_full=WhenFull.STOP)),
    ],
)
def test_the_place_of_a_dropped_file_decides_the_kind_of_its_import(key: str, kind: Kind, options: Options) -> None:
    record = dropped(key, a_door())
    assert record
    assert (record.kind, record.options, record.reason) == (kind, options, None)


def test_options_in_metadata_equal_those_of_a_request() -> None:
    import_resolver = a_door()
    assert isinstance(import_resolver.files, FakeFiles)
    key = "drop/demo/target-groups/Friends/f.csv"
    import_resolver.files.options[key] = {"mode": "append", "notify": "me@example.com", "consent": "true"}
    record = dropped(key, import_resolver)
    assert record
    assert (record.options.mode, record.options.notify) == (Mode.APPEND, "me@example.com")
    assert record.consent


def test_a_standing_consent_holds_for_dropped_files() -> None:
    record = dropped("drop/demo/customers/c.csv", a_door(consent=True))
    assert record
    assert record.consent
    assert record.consent.by == "bucket"


def test_a_repeated_event_is_one_import() -> None:
    import_resolver = a_door()
    first = dropped("drop/demo/customers/c.csv", import_resolver)
    assert dropped("drop/demo/customers/c.csv", import_resolver, import_id="imp-2") == first


def test_a_rewritten_file_belongs_to_the_import_of_the_version_that_it_replaces() -> None:
    import_resolver = a_door()
    first = dropped("drop/demo/customers/c.csv", import_resolver)
    import_resolver.files.options["drop/demo/customers/c.csv"] = {REWRITES: "v1"}  # type: ignore[attr-defined]
    assert dropped("drop/demo/customers/c.csv", import_resolver, "v2", "imp-2") == first


def test_a_rewritten_file_of_an_unknown_version_is_its_own_import() -> None:
    import_resolver = a_door()
    import_resolver.files.options["drop/demo/customers/c.csv"] = {REWRITES: "anything"}  # type: ignore[attr-defined]
    record = dropped("drop/demo/customers/c.csv", import_resolver)
    assert record
    assert import_resolver.imports.find_dropped("demo", "drop/demo/customers/c.csv", "v1") == record.import_id


def test_a_dropped_file_deleted_before_its_import_was_created_is_no_import() -> None:
    import_resolver = a_door()
    import_resolver.files.missing_versions.add("v1")  # type: ignore[attr-defined]
    assert dropped("drop/demo/customers/c.csv", import_resolver) is None
    assert dropped("drop/demo/customers/c.csv", import_resolver, version="v2")


def test_a_dropped_file_deleted_after_its_import_was_created_is_still_that_import() -> None:
    import_resolver = a_door()
    first = dropped("drop/demo/customers/c.csv", import_resolver)
    import_resolver.files.missing_versions.add("v1")  # type: ignore[attr-defined]
    assert dropped("drop/demo/customers/c.csv", import_resolver, import_id="imp-2") == first


def test_a_second_file_in_the_same_place_is_another_import() -> None:
    import_resolver = a_door()
    dropped("drop/demo/customers/c.csv", import_resolver)
    second = dropped("drop/demo/customers/c.csv", import_resolver, version="v2", import_id="imp-2")
    assert second
    assert second.import_id == "imp-2"


@pytest.mark.parametrize("place", ["tickets/fest/sometimes/t.csv", "elsewhere/x.csv", "target-groups/x.csv"])
def test_a_file_in_an_invalid_place_becomes_a_failed_import_that_names_the_place(place: str) -> None:
    record = dropped(f"drop/demo/{place}", a_door())
    assert record
    assert record.reason is Reason.BAD_OPTION
    assert place in (explanation_of(record) or "")


def test_an_invalid_notify_address_becomes_a_failed_import_that_says_so() -> None:
    import_resolver = a_door()
    assert isinstance(import_resolver.files, FakeFiles)
    import_resolver.files.options["drop/demo/customers/c.csv"] = {"notify": "nobody at all"}
    record = dropped("drop/demo/customers/c.csv", import_resolver)
    assert record
    assert (record.reason, record.options.notify) == (Reason.BAD_OPTION, None)
    assert "notify" in (explanation_of(record) or "")


def test_invalid_metadata_becomes_a_failed_import_that_says_so() -> None:
    import_resolver = a_door()
    assert isinstance(import_resolver.files, FakeFiles)
    import_resolver.files.options["drop/demo/target-groups/F/f.csv"] = {"mode": "sideways"}
    record = dropped("drop/demo/target-groups/F/f.csv", import_resolver)
    assert record
    assert explanation_of(record) == "mode: This must be one of create, replace."
    assert explanation_of(record, "da") == "mode: Det skal være en af disse: create, replace."


def test_a_bad_option_stored_by_an_earlier_version_is_explained_by_its_sentence() -> None:
    record = dropped("drop/demo/elsewhere/x.csv", a_door())
    assert record
    assert explanation_of(replace(record, detail="notify: bad", detail_messages=()), "nl") == "notify: bad"


@pytest.mark.parametrize(
    "key",
    [
        "drop/stranger/customers/c.csv",
        "drop/demo",
        "drop/demo/customers/",
        "uploads/demo/",
        "elsewhere/x",
        "uploads/demo/none",
    ],
)
def test_an_object_of_no_organiser_is_no_import(key: str) -> None:
    assert dropped(key, a_door()) is None


def test_an_uploaded_file_belongs_to_the_import_that_waits_for_it() -> None:
    import_resolver = a_door()
    import_resolver.imports.add_import(an_import())
    assert import_resolver.resolve(SOURCE, "imp-9", START) == an_import()


def test_versions_of_an_object_are_ordered_by_their_time() -> None:
    later = replace(SOURCE, modified=START + timedelta(seconds=1))
    assert later.is_newer_than(SOURCE)
    assert not SOURCE.is_newer_than(later)
    assert replace(SOURCE, sequencer="02").is_newer_than(replace(SOURCE, sequencer="01"))
    assert not replace(later, key="elsewhere").is_newer_than(SOURCE)
