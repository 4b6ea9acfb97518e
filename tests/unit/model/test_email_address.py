"""E-mail addresses and texts in the one form in which they are stored and compared."""

import re
from typing import Any

import pytest
from email_validator import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from guestlist.checkout.redemption import RedemptionRequest
from guestlist.model.email_address import (
    PLAIN,
    asked_spellings,
    clean_email,
    email_spellings,
    is_email,
    normal_email,
    same_email,
)
from guestlist.model.normal_form import normal, spellings
from guestlist.organisers.model import Organiser

UNSEEN = "\u200b\ufeff\u2060\u00ad\u200e\u200f\u202a\u202e\u2066\u2069\u061c"


@pytest.mark.parametrize(
    "text",
    [
        "a@x.nl;",
        "<a@x.nl>",
        "Jan de Wit <a@x.nl>",
        "mailto:a@x.nl",
        "MAILTO:a@x.nl?subject=Hello",
        "'a@x.nl'",
        '"a@x.nl",',
        "“a@x.nl”",
        " a@x.nl\t",
        "\xa0a@x.nl",
        *(f"a{letter}@x.{letter}nl" for letter in UNSEEN),
    ],
)
def test_characters_that_are_no_part_of_an_address_are_removed(text: str) -> None:
    assert clean_email(text) == "a@x.nl"


@pytest.mark.parametrize(
    "email",
    [
        *["a@x.nl", "a+b@x.example", "a@x.test", "o'brien@x.ie", "A.B@sub.x-y.co.uk", "jörg@x.nl"],
        *["a@xn--bcher-kva.example", "a@" + "b" * 60 + ".nl", "a@b.xn--p1ai", "a_b@x.nl"],
    ],
)
def test_valid_addresses_are_accepted(email: str) -> None:
    assert is_email(email)
    assert clean_email(email) == email


@pytest.mark.parametrize(
    "email",
    [
        *["joris.vanderveldehoeven100048@example.nl", "a@uni-saarbruecken.de", "anna.maria.van.der.berg@x.nl"],
        *["x" * 30 + "@y.org", "a.b@new-headquarterstower.co.uk", "a" * 64 + "@x.nl"],
    ],
)
def test_addresses_with_long_parts_are_plain_which_keeps_files_of_them_fast(email: str) -> None:
    assert re.fullmatch(PLAIN, email)


PART = st.text("ab1-_+", min_size=1, max_size=40)
LABEL = st.text("ab1-", min_size=1, max_size=45)


@given(st.lists(PART, min_size=1, max_size=4), st.lists(LABEL, min_size=1, max_size=5))
@example(["a" * 65], ["x"])
@example(["a"], ["xn--zz"])
def test_a_plain_address_is_valid(parts: list[str], labels: list[str]) -> None:
    email = f"{'.'.join(parts)}@{'.'.join(labels)}.nl"
    if re.fullmatch(PLAIN, email):
        assert validate_email(email, check_deliverability=False, globally_deliverable=False)


@pytest.mark.parametrize(
    "text",
    [
        *[".a@x.nl", "a.@x.nl", "b..c@x.nl", "b@-x.nl", "b@x-.nl", "b@x..nl", "a@x", "a@@x.nl", "a b@x.nl", "nobody"],
        *["a@x_y.nl", "a@1.2.3.4", "a@[1.2.3.4]", '"a b"@x.nl', "a/b@x.nl", "a%b@x.nl", "a@x.nl, b@x.nl", "", "@x.nl"],
        *["a" * 65 + "@x.nl", "a@" + "b" * 64 + ".nl", "a@xn--zz--.nl", "a\r\nBcc: b@x.nl"],
    ],
)
def test_other_texts_are_no_addresses(text: str) -> None:
    assert not is_email(clean_email(text))


@pytest.mark.parametrize(
    ("text", "stored_email"),
    [
        ("An@BÜCHER.example", "An@xn--bcher-kva.example"),
        ("an@straße.example", "an@xn--strae-oqa.example"),
        ("an@x。nl", "an@x.nl"),
        ("jo\u0308rg@x.nl", "jörg@x.nl"),
        ("an@bu\u0308cher.example", "an@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_form(text: str, stored_email: str) -> None:
    assert clean_email(text) == normal_email(text) == stored_email
    assert is_email(stored_email)
    assert same_email(text, stored_email)


LOCAL, DOMAIN = st.text("ab1.-_+'!{|", max_size=8), st.text("ab1.-_xn", max_size=10)


@given(st.builds("{}@{}.{}".format, LOCAL, DOMAIN, st.sampled_from(["nl", "co.uk", "x-1"])))
def test_a_plain_address_is_valid_to_the_library(email: str) -> None:
    if re.fullmatch(PLAIN, email):
        result: Any = validate_email(email, check_deliverability=False, globally_deliverable=False)
        assert result.ascii_email.lower() == email.lower()


@given(st.text("aé\u0301ü\u200b\u00ad@.<>;: 'ß漢-x", max_size=12))
def test_cleaning_is_idempotent(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    clean = clean_email(text)
    if is_email(clean):
        assert clean_email(clean) == clean
        assert clean.lower() in asked_spellings(text)


def test_a_plain_address_has_one_spelling_to_look_up() -> None:
    assert email_spellings("Ann@Example.com") == asked_spellings("Ann@Example.com") == ("ann@example.com",)
    assert spellings("VIP-1") == ("VIP-1",)


def test_an_address_is_looked_up_in_the_spellings_of_earlier_versions() -> None:
    assert email_spellings("a@xn--bcher-kva.example")[:2] == ("a@xn--bcher-kva.example", "a@bücher.example")
    assert "jo\u0308rg@x.nl" in email_spellings("jörg@x.nl")
    assert asked_spellings("<A@x.nl>") == ("<a@x.nl>", "a@x.nl")


def test_codes_categories_and_seats_have_one_form() -> None:
    one = RedemptionRequest(order_id="1", code="Café", category="Élite", seat="É1", email="a@bücher.example")
    email = "<a@xn--bcher-kva.example>"
    other = RedemptionRequest(
        order_id="1", code="Cafe\u0301\u200b", category="E\u0301lite", seat="E\u03011", email=email
    )
    assert one.request(b"key") == other.request(b"key")


def test_a_sender_that_is_granted_in_unicode_is_granted_in_ascii() -> None:
    organiser = Organiser(organiser_id="demo", name="Demo", senders=("bücher.example",))
    assert organiser.may_send_from("an@xn--bcher-kva.example")
    assert organiser.may_send_from("an@bücher.example")
