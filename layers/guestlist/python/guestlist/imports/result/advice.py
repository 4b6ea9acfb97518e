"""The next steps in a result mail, with links to the import's page in the console."""

from guestlist.imports.model import Import, Kind, Mode, Status
from guestlist.messages.catalogue import Translator


def reason_code(record: Import) -> str | None:
    """The code of the import's reason in the catalogue; None when there is nothing to explain."""
    if record.reason is not None:
        return record.reason.value
    return Status.CANCELLED.value if record.status is Status.CANCELLED else None


def console_url(record: Import, address: str) -> str:
    """The URL of the import's page in the console; only the path if `address` is empty."""
    return f"{address}/#/imports/{record.import_id}"


def next_steps(record: Import, translate: Translator, link: str, until: str) -> list[str]:
    """The steps as sentences; `link` is the import's page in the console, `until` the end of its wait."""
    return (
        _steps_to_confirm(record, translate, link, until)
        if record.status.is_waiting
        else _steps_after_end(record, translate, link)
    )


def _steps_to_confirm(record: Import, translate: Translator, link: str, until: str) -> list[str]:
    steps = [translate("mail.step.confirm", link=link)]
    if record.reason is not None and translate.has(f"confirm.{record.reason.value}"):
        steps.append(translate(f"confirm.{record.reason.value}"))
    if record.refused_file:
        steps.append(translate("mail.step.mend", link=link))
    return [*steps, translate("mail.step.leave", when=until)]


def _steps_after_end(record: Import, translate: Translator, link: str) -> list[str]:
    code = reason_code(record)
    steps = [] if code is None else [translate(f"import_advice.{code}")]
    if record.refused_file:
        steps.append(translate("mail.step.mend", link=link))
        steps += _steps_for_refused_rows(record, translate)
    if record.counts.imported:
        steps.append(translate("mail.step.undo", link=link))
    return steps


def _steps_for_refused_rows(record: Import, translate: Translator) -> list[str]:
    """The steps for the file of refused rows when the other rows were imported."""
    if not record.counts.imported:
        return []
    if record.kind is not Kind.TARGET_GROUP:
        return [translate("mail.step.send_rest")]
    mode = Mode.REMOVE if record.options.mode is Mode.REMOVE else Mode.APPEND
    return [translate("mail.step.send_rest_mode", mode=mode.value)]
