"""The sentences of errors: one catalogue for the API and the console, in each language."""

import pytest

from guestlist.messages import catalogue
from guestlist.messages.language import LANGUAGES, Language
from guestlist.messages.problems import fault_sentence, problem_sentence, sentence_of
from guestlist.model.errors import Conflict, FieldFault, Forbidden, GuestlistError, Invalid, Unknown

OWN = sorted(key for key in catalogue.texts("en") if key.startswith("api."))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(
            Conflict("busy"), "Others are changing the same thing. Try again in a moment.", id="as the console's"
        ),
        pytest.param(Unknown("not_found.event", id="gala"), "There is no event gala.", id="the API's own for a reason"),
        pytest.param(
            Forbidden("wrong_scope", scope="door"), "This call is not for tokens of the scope door.", id="own"
        ),
        pytest.param(Conflict("used_up", {"remaining": 0}), "All uses are taken.", id="with a fact"),
        pytest.param(
            Unknown("not_found.planet", id="x"), "This does not exist, or no longer exists.", id="an unknown reason"
        ),
        pytest.param(Conflict("a_new_word"), "That did not work.", id="an unknown code word"),
        pytest.param(Invalid.field("name", "a_new_word"), "name: This is not valid.", id="an unknown fault"),
        pytest.param(Invalid([FieldFault("", "wrong_type.body")]), "The body must be an object.", id="of no field"),
        pytest.param(
            Invalid([FieldFault("a", "missing"), FieldFault("b", "too_small", least=1_000)]),
            "a: This is required. b: This must be 1,000 or more.",
            id="several faults",
        ),
    ],
)
def test_an_error_has_the_sentence_of_its_message(error: GuestlistError, sentence: str) -> None:
    assert sentence_of(error) == sentence


def test_an_error_has_its_sentence_in_each_language() -> None:
    sentences = [sentence_of(Unknown("not_found.event", id="gala"), language) for language in LANGUAGES]
    assert sentences == [
        "There is no event gala.",
        "Het evenement gala bestaat niet.",
        "Arrangementet gala findes ikke.",
    ]


def test_an_error_has_a_code_word_parameters_and_the_reason_among_them() -> None:
    error = Conflict("quantity_too_high.refund", {"remaining": 2}, name="x")
    assert (error.code, error.facts) == ("quantity_too_high", {"remaining": 2})
    assert error.params == {"remaining": 2, "name": "x", "reason": "refund"}
    fault = FieldFault("id", "unknown_id.event", id="gala").below("lines.2")
    assert fault == FieldFault("lines.2.id", "unknown_id.event", id="gala")
    assert (fault.code, fault.params) == ("unknown_id", {"id": "gala", "reason": "event"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_api_has_its_own_sentence_only_where_it_says_something_else(language: Language) -> None:
    texts = catalogue.texts(language)
    assert [key for key in OWN if texts[key] == texts.get(key.removeprefix("api."))] == []


@pytest.mark.parametrize("text", ["{name}", "{id}"])
def test_text_of_a_caller_is_not_expanded_as_a_placeholder(text: str) -> None:
    assert problem_sentence("not_found", {"reason": "event", "id": text}) == f"There is no event {text}."
    assert fault_sentence(FieldFault("id", "unknown_id.event", id=text)) == f"There is no event {text}."
