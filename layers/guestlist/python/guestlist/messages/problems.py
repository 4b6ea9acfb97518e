"""Rendering of the domain's errors as sentences.

Errors and the console share the messages `problem.…` and `fault.…`. Where a developer needs other words than a person
at a form, such as the id that is unknown, the API has its own, `api.problem.…` and `api.fault.…`, which take precedence
here and are not bundled into the console.
"""

from guestlist.messages.catalogue import Params, render, texts
from guestlist.messages.language import ENGLISH, Language
from guestlist.model.errors import FieldFault, GuestlistError, Invalid


def sentence_of(error: GuestlistError, language: Language = ENGLISH) -> str:
    """The sentence of an error; of an invalid request, those of its faults, each after its field."""
    if isinstance(error, Invalid):
        return " ".join(_at_field(fault, language) for fault in error.faults)
    return problem_sentence(error.code, error.params, language)


def problem_sentence(code: str, params: Params, language: Language = ENGLISH) -> str:
    """The sentence of a problem with this code word."""
    return render(_key("problem", code, params), params, language)


def fault_sentence(fault: FieldFault, language: Language = ENGLISH) -> str:
    """The sentence of a fault of a field, without the field's name."""
    return render(_key("fault", fault.code, fault.params), fault.params, language)


def _at_field(fault: FieldFault, language: Language) -> str:
    sentence = fault_sentence(fault, language)
    return f"{fault.field}: {sentence}" if fault.field else sentence


def _key(kind: str, code: str, params: Params) -> str:
    """The key of the message for this reason, else for the code word; the API's own before that of all."""
    reason = params.get("reason")
    names = [code] if reason is None else [f"{code}.{reason}", code]
    keys = (f"{prefix}{kind}.{name}" for name in names for prefix in ("api.", ""))
    return next((key for key in keys if key in texts(ENGLISH)), _DEFAULT_KEYS[kind])


_DEFAULT_KEYS = {"problem": "problem.unknown", "fault": "fault.invalid"}
