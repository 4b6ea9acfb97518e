"""Entries as lines, and lines as the text of a bucket."""

import pytest

from guestlist.lists import entry_line, partition
from guestlist.lists.entry import Entry, code_key, email_key
from guestlist.lists.partition import KeySharding


def decode_text(*entries: Entry) -> str:
    return partition.encode([entry_line.line(entry) for entry in entries])


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        pytest.param(Entry("ABC123"), "abc123\t", id="a code in upper case"),
        pytest.param(Entry("abc123"), "abc123\t\t\t=", id="a code in lower case"),
        pytest.param(Entry("1231245"), "1231245\t", id="a code of digits"),
        pytest.param(Entry(" Abc"), "abc\t\t\t Abc", id="a code with a leading space"),
        pytest.param(Entry("Straße"), "strasse\t\t\tStraße", id="a code that folds to more letters"),
        pytest.param(Entry("@host"), "\\\\@host\t\t\t=", id="a code that looks like the key of an e-mail"),
        pytest.param(Entry("", "ann@host.nl"), "@ann@host.nl\t", id="an e-mail"),
        pytest.param(Entry("", "Ann@Host.nl"), "@ann@host.nl\t\t\tAnn@Host.nl", id="an e-mail with capitals"),
        pytest.param(Entry(" ", "ann@host.nl"), "@ann@host.nl\t\t\t\t\t ", id="a blank code beside an e-mail"),
        pytest.param(Entry("A", "ann@host.nl"), "a\t\t\t\t\tann@host.nl", id="a personal code"),
        pytest.param(Entry("A", "", "Floor", "R-1", 4), "a\tFloor\tR-1\t\t4", id="category, seat and quantity"),
        pytest.param(Entry("A\tB", "", "C\\D", "E\nF\r"), "a\\tb\tC\\\\D\tE\\nF\\r", id="what must be escaped"),
    ],
)
def test_an_entry_is_one_line_and_is_read_back_unchanged(entry: Entry, line: str) -> None:
    assert entry_line.line(entry) == line
    assert entry_line.entry(line) == entry
    assert entry_line.identity(line) == entry.identity


def test_a_text_begins_with_its_format_and_its_dictionary() -> None:
    entries = [Entry("A", "", "Floor"), Entry("B", "", "Balcony"), Entry("C", "x@host.nl", "Floor")]
    assert decode_text(*entries) == "1\tFloor\tBalcony\thost.nl\na\t0\nb\t1\nc\t0\t\t\t\tx@2"
    assert list(partition.entries(decode_text(*entries))) == entries


def test_a_text_without_entries_is_its_format_alone() -> None:
    assert decode_text() == "1"
    assert list(partition.entries("1")) == []


def test_all_rows_of_a_key_are_found() -> None:
    rows = [Entry("VIP", "", "Floor", "A-1"), Entry("VIP", "", "Floor", "A-2")]
    assert partition.find(decode_text(Entry("VI"), *rows, Entry("VIPS")), code_key(" vip ")) == rows


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="a blank code"),
        pytest.param(code_key("vi"), id="the beginning of a code"),
        pytest.param(code_key("floor"), id="a category"),
        pytest.param(code_key("@ann@host.nl"), id="a code that looks like an e-mail in the list"),
        pytest.param(email_key("ann@host"), id="the beginning of an e-mail"),
        pytest.param(email_key("ann@0"), id="an e-mail with the number of a domain"),
        pytest.param(code_key("vip\t0"), id="a code and what stands after it"),
        pytest.param("vip\t0\tA-1\nann", id="a key that runs over a line end"),
    ],
)
def test_nothing_else_is_found(key: str) -> None:
    text = decode_text(Entry("VIP", "", "Floor", "A-1"), Entry("", "ann@host.nl"))
    assert partition.find(text, key) == []


def test_no_entry_is_found_in_a_missing_text() -> None:
    assert partition.find("", email_key("ann@host.nl")) == []
    assert partition.sharding_of("", "a") is None


def test_a_category_or_seat_with_an_asterisk_is_no_shard_mark() -> None:
    entry = Entry("A", "", "*s3", "*e4")
    assert partition.find(decode_text(entry), "a") == [entry]
    assert partition.shardings(decode_text(entry)) == {}


@pytest.mark.parametrize("key", ["a\tb", "@ann@host.nl"])
def test_a_sharded_key_has_a_mark_and_no_entries(key: str) -> None:
    how = KeySharding("s", 12, 3400)
    text = partition.encode([entry_line.line(Entry("A"))], {key: how})
    assert partition.sharding_of(text, key) == how
    assert partition.shardings(text) == {key: how}
    assert partition.find(text, key) == []
    assert list(partition.entries(text)) == [Entry("A")]


@pytest.mark.parametrize(
    ("by", "seats", "emails", "values"),
    [
        pytest.param("s", {"A-1"}, None, {"", "A-1"}, id="by seat, of one seat"),
        pytest.param("s", None, {"ann@host.nl"}, None, id="by seat, of no known seat"),
        pytest.param("e", None, {" Ann@Host.nl"}, {"", "ann@host.nl"}, id="by e-mail, of one e-mail"),
        pytest.param("e", {"A-1"}, set(), {""}, id="by e-mail, of nobody"),
        pytest.param("a", {"A-1"}, {"ann@host.nl"}, None, id="by all"),
    ],
)
def test_only_the_parts_of_a_sharded_key_for_the_seat_or_e_mail_are_read(
    by: str, seats: set[str] | None, emails: set[str] | None, values: set[str] | None
) -> None:
    numbers = KeySharding(by, 1000, 5000).numbers(seats, emails)
    expected = range(1000) if values is None else {partition.partition_of(value, 1000) for value in values}
    assert set(numbers) == set(expected)


def test_partitions_are_in_the_order_of_hashes() -> None:
    lines = sorted(entry_line.with_hash(Entry(f"code{number}")) for number in range(500))
    numbers = [partition.partition_of(entry_line.entry(line[entry_line.HEAD :]).key, 37) for line in lines]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(37))
