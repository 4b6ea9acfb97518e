"""The operator's function: administration of a stage, called with IAM and never by the API.

Its front end is `python -m infra.administration`. A command, its arguments and the result are JSON.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from annotated_types import Interval, MaxLen, MinLen
from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice.app import Blueprint

from chalicelib.bootstrap import adapters
from chalicelib.events import organiser_status
from chalicelib.events.handler import count, instrument, logger
from chalicelib.routes.organiser import is_time_zone
from chalicelib.web.validation import read
from guestlist.aws.sqs import queue
from guestlist.dead_letters.model import DeadLetter, DeadLetterQueue
from guestlist.dead_letters.store import dead_letters
from guestlist.imports import recovery
from guestlist.imports.model import Import
from guestlist.messages.problems import sentence_of
from guestlist.model import clock, ids
from guestlist.model.email_address import Email, is_sender
from guestlist.model.errors import ConcurrentModification, Conflict, GuestlistError, Unknown
from guestlist.model.ids import Id
from guestlist.model.normal_form import Predicate
from guestlist.organisers.model import Organiser, Scope, Token
from guestlist.organisers.service import create_organiser, grant_sender, revoke_sender
from guestlist.organisers.tokens import TokenRequest, create, revoke_by_name, rotate

blueprint = Blueprint(__name__)
Name = Annotated[str, MinLen(1), MaxLen(200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganiser:
    """An organiser to be created; result mails are sent to `email`."""

    id: Id
    name: Name
    email: Email
    zone: Annotated[str, Predicate(is_time_zone)] = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArguments:
    """A command without arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganiserId:
    """The organiser that a command is about."""

    id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderChange:
    """A sender to grant or to revoke: an address or a domain that an organiser's mails may be sent from."""

    id: Id
    sender: Annotated[str, MaxLen(254), Predicate(is_sender)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token to be created."""

    id: Id
    name: Name
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenChange:
    """A token to be rotated or revoked; after a rotation it stays valid for `overlap_hours` beside the new one."""

    id: Id
    name: Name
    overlap_hours: Annotated[int, Interval(ge=0, le=720)] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterFilter:
    """Dead letters to be shown or replayed: at most `most` of the queue, or of each."""

    queue: DeadLetterQueue | None = None
    most: Annotated[int, Interval(ge=1, le=1000)] = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportId:
    """The import that a command is about."""

    id: Id
    import_id: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFailure(ImportId):
    """An import to be failed, with a sentence for its organiser."""

    reason: Annotated[str, MinLen(1), MaxLen(500)]


@blueprint.lambda_function(name="operator")
@instrument
def operator(event: Mapping[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Carry out a command; returns `{"answer": …}`, or `{"problem": …}` with a code and a sentence."""
    name = str(event.get("command"))
    count("OperatorCommands")
    logger.info("command", command=name if name in _COMMANDS else None)
    try:
        return {"answer": _run(name, event.get("arguments", {}))}
    except GuestlistError as error:
        return {"problem": {"code": error.code, "detail": sentence_of(error)}}
    except ConcurrentModification:
        return {"problem": {"code": "raced", "detail": sentence_of(Conflict("raced"))}}


def _run(name: str, arguments: Mapping[str, Any]) -> Any:
    if name not in _COMMANDS:
        raise Unknown("not_found.command", name=name)
    kind, act = _COMMANDS[name]
    return act(read(kind, arguments), clock.now())


# Organisers


def _create_organiser(new: NewOrganiser, now: datetime) -> Any:
    organiser = Organiser(organiser_id=new.id, name=new.name, time_zone=new.zone, notify_email=new.email)
    tokens = create_organiser(organiser, ids.new_secret, now, adapters.organisers())
    return {"organiser": asdict(organiser), "tokens": [_with_secret(bearer, token) for bearer, token in tokens]}


def _show_organiser(selected: OrganiserId, now: datetime) -> Any:
    return organiser_status.of_organiser(selected.id, now)


def _list_organisers(_none: NoArguments, _now: datetime) -> Any:
    return [asdict(organiser) for organiser in adapters.organisers().list_organisers()]


# Senders


def _add_sender(change: SenderChange, _now: datetime) -> Any:
    return _senders(grant_sender(change.id, change.sender, adapters.organisers()))


def _remove_sender(change: SenderChange, _now: datetime) -> Any:
    return _senders(revoke_sender(change.id, change.sender, adapters.organisers()))


def _list_senders(selected: OrganiserId, _now: datetime) -> Any:
    return _senders(adapters.organisers().get_organiser(selected.id))


def _senders(organiser: Organiser) -> Any:
    return [{"organiser": organiser.organiser_id, "sender": sender} for sender in organiser.senders]


# Tokens


def _create_token(new: NewToken, now: datetime) -> Any:
    adapters.organisers().get_organiser(new.id)
    request = TokenRequest(name=new.name, scope=new.scope)
    return _with_secret(*create(new.id, request, ids.new_secret(), now, adapters.organisers()))


def _with_secret(bearer: str, token: Token) -> Any:
    return {"name": token.name, "scope": token.scope, "token": bearer}


def _rotate_token(token: TokenChange, now: datetime) -> Any:
    overlap = timedelta(hours=token.overlap_hours)
    secret = rotate(token.id, token.name, ids.new_secret(), now, overlap, adapters.organisers())
    return {"name": token.name, "token": secret, "former_ends_at": (now + overlap).isoformat(timespec="seconds")}


def _revoke_token(token: TokenChange, now: datetime) -> Any:
    return {"name": token.name, "revoked": revoke_by_name(token.id, token.name, now, adapters.organisers())}


def _list_tokens(selected: OrganiserId, now: datetime) -> Any:
    adapters.organisers().get_organiser(selected.id)
    return organiser_status.of_tokens(selected.id, now)


# Dead letters


def _show_letters(filters: DeadLetterFilter, _now: datetime) -> Any:
    return [_letter(letter) for queue in _queues(filters) for letter in dead_letters().peek(queue, filters.most)]


def _replay_letters(filters: DeadLetterFilter, _now: datetime) -> Any:
    return [_letter(letter) for queue in _queues(filters) for letter in dead_letters().replay(queue, filters.most)]


def _queues(filters: DeadLetterFilter) -> list[DeadLetterQueue]:
    return [filters.queue] if filters.queue else list(DeadLetterQueue)


def _letter(letter: DeadLetter) -> Any:
    sent_at = letter.sent_at.isoformat(timespec="seconds")
    return {"queue": letter.queue, "sent_at": sent_at, "about": ", ".join(letter.about), "goes": letter.method}


# Imports


def _stuck_imports(_none: NoArguments, now: datetime) -> Any:
    return [_import(record) for record in adapters.imports().due(now) if not record.status.is_waiting]


def _resume_import(selected: ImportId, now: datetime) -> Any:
    record = adapters.imports().get_import(selected.id, selected.import_id)
    return _import(recovery.resume(record, now, adapters.imports(), queue()))


def _fail_import(selected: ImportFailure, now: datetime) -> Any:
    record = adapters.imports().get_import(selected.id, selected.import_id)
    return _import(recovery.fail(record, selected.reason, now, adapters.imports()))


def _import(record: Import) -> Any:
    return {
        "organiser": record.organiser_id,
        "import_id": record.import_id,
        "kind": record.kind,
        "status": record.status,
        "progress": record.progress,
        "attempts": record.attempts,
        "due_at": record.due_at.isoformat(timespec="seconds") if record.due_at else "",
    }


_COMMANDS: Mapping[str, tuple[Any, Callable[[Any, datetime], Any]]] = {
    "organisers create": (NewOrganiser, _create_organiser),
    "organisers show": (OrganiserId, _show_organiser),
    "organisers list": (NoArguments, _list_organisers),
    "senders add": (SenderChange, _add_sender),
    "senders remove": (SenderChange, _remove_sender),
    "senders list": (OrganiserId, _list_senders),
    "tokens create": (NewToken, _create_token),
    "tokens rotate": (TokenChange, _rotate_token),
    "tokens revoke": (TokenChange, _revoke_token),
    "tokens list": (OrganiserId, _list_tokens),
    "dead-letters show": (DeadLetterFilter, _show_letters),
    "dead-letters replay": (DeadLetterFilter, _replay_letters),
    "imports stuck": (NoArguments, _stuck_imports),
    "imports resume": (ImportId, _resume_import),
    "imports fail": (ImportFailure, _fail_import),
}
