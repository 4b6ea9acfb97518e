"""What to say of an import that did not do what was hoped: what happened, and what to do about it."""

from dataclasses import dataclass

from guestlist.imports.model import Import, Kind, Mode, Reason, Status


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence for what happened and one for what to do."""

    happened: str
    to_do: str


ADVICE: dict[Reason, Advice] = {
    Reason.NOT_CSV: Advice(
        "The file is not a CSV file.",
        "Open it in your spreadsheet program, choose “Save as”, then “CSV UTF-8”, and send the file that makes.",
    ),
    Reason.BAD_ENCODING: Advice(
        "The letters of the file could not be read.",
        "Save it again as “CSV UTF-8”, or say with the option `encoding` which one it has.",
    ),
    Reason.EMPTY_FILE: Advice(
        "The file holds no rows besides its header.",
        "Check that you sent the right file, and that the export that made it had ended.",
    ),
    Reason.TOO_LARGE: Advice("The file is too large.", "Split it into several files and send them one by one."),
    Reason.NO_KNOWN_COLUMN: Advice(
        "None of the columns was recognised.",
        "Give the columns the headers of the sample file, or say with the option `mapping` which column holds what.",
    ),
    Reason.AMBIGUOUS_MAPPING: Advice(
        "Two columns could be the same thing.",
        "Rename one of the two headers, or say with the option `mapping` which column is meant.",
    ),
    Reason.UNKNOWN_EVENT: Advice(
        "The event does not exist.", "Make the event first, or correct its id, and send the file again."
    ),
    Reason.GROUP_EXISTS: Advice(
        "A group of that name exists already.",
        "Choose another name, or say with the option `mode` whether to `replace` its list, `append` or `remove`.",
    ),
    Reason.UNKNOWN_GROUP: Advice(
        "No target group has that name.", "Correct the name, or send the file with the mode `create`."
    ),
    Reason.GROUP_EXPIRED: Advice(
        "The group has expired, and an expired group does not change any more.",
        "Send the file under the name of a new group.",
    ),
    Reason.CONSENT_REQUIRED: Advice(
        "The file holds e-mail addresses, and nobody stated that these people agreed.",
        "Send it again with the option `consent` if they did, or leave the addresses out.",
    ),
    Reason.ROWS_REFUSED: Advice(
        "At least one row was refused, and you asked for all rows or none.",
        "Mend the rows below and send the whole file again, or send it with `on_error` as `skip`.",
    ),
    Reason.NO_GOOD_ROW: Advice("Not a single row could be imported.", "Mend the rows below and send the file again."),
    Reason.DECISION_REQUIRED: Advice(
        "The file leaves something open that only you can decide.",
        "Read the question, and confirm the import if it is to be taken so, or send the file again with the options.",
    ),
    Reason.CONFIRM_REMOVALS_REQUIRED: Advice(
        "The file would have ended an unusual number of memberships, and nobody confirmed that.",
        "Check its column of groups. If it is meant so, send the file again and confirm the removals.",
    ),
    Reason.SUPERSEDED: Advice(
        "A newer file for the same list came in meanwhile.", "Nothing, if the newer file is the right one."
    ),
    Reason.CRASHED: Advice(
        "Something broke on our side, more than once, and the import was ended.",
        "Send the same file again. If it ends so once more, quote the reference below when you ask for help.",
    ),
    Reason.BAD_OPTION: Advice(
        "An option that came with the file cannot be used.", "Correct the option and send the file again."
    ),
    Reason.FEATURE_OFF: Advice(
        "Customer groups are switched off for this organiser.",
        "Switch them on in the organiser's settings and send the file again.",
    ),
}

_CANCELLED = Advice("It was cancelled before it was done.", "Send the file again if that was not meant.")


def advice_for(record: Import) -> Advice | None:
    """What to say of its end; None when there is nothing to explain."""
    if record.reason is not None:
        return ADVICE[record.reason]
    return _CANCELLED if record.status is Status.CANCELLED else None


_TO_SAY = {
    Reason.DECISION_REQUIRED: "which takes what the question suggests",
    Reason.CONFIRM_REMOVALS_REQUIRED: "with `confirm_removals` as `true`, if the memberships are really to end",
    Reason.CONSENT_REQUIRED: "with `consent` as `true`, if the people in it agreed",
    Reason.NO_KNOWN_COLUMN: "with a `mapping` that says which column holds what",
    Reason.AMBIGUOUS_MAPPING: "with a `mapping` that says which column is meant",
}


def how_to_go_on(record: Import, address: str) -> list[str]:
    """What to do about an import that waits for somebody's word."""
    call = f"POST {address}/v1/imports/{record.import_id}"
    how = f", {_TO_SAY[record.reason]}" if record.reason in _TO_SAY else ""
    steps = [f"To import it, call {call}/confirm{how}", f"To leave it, call {call}/cancel or do nothing."]
    if record.decisions:
        steps.insert(0, f"To answer, open the review in the console: {address}/#/imports/{record.import_id}")
    return steps


def about_the_rest(record: Import) -> list[str]:
    """What to do with the file of refused rows, where the other rows are in."""
    if not record.counts.imported or not record.status.ended:
        return []
    how = "as it is"
    if record.kind is Kind.TARGET_GROUP:
        mode = Mode.REMOVE if record.options.mode is Mode.REMOVE else Mode.APPEND
        how = f"with the mode `{mode}`"
    return [f"Mend the rows in that file and send it {how}; the columns with the reasons are ignored."]
