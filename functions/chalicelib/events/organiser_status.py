"""The state of an organiser, as the operator's command shows it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from chalicelib.bootstrap import adapters
from guestlist.aws.table import table
from guestlist.dead_letters.model import DeadLetterQueue
from guestlist.dead_letters.store import dead_letters
from guestlist.groups.index import GroupType
from guestlist.mail.model import OutboxItem
from guestlist.mail.outbox import WELCOMES_DUE, Outbox

_ANY_TIME = timedelta(days=365)
_MAX_LENGTH = 100


def of_organiser(org: str, now: datetime) -> dict[str, Any]:
    """Settings, tokens, groups, imports, last sync, pending mails, dead letters. Raises `Unknown`."""
    settings = adapters.organisers().get_organiser(org)
    groups = adapters.groups().index(org).groups.values()
    automatic = [group.group_id for group in groups if group.type is GroupType.AUTOMATIC]
    synced = [
        state.synced_at for state in adapters.syncs().get_progress_of_each(org, automatic).values() if state.synced_at
    ]
    letters = dead_letters().peek(DeadLetterQueue.UPLOADS, _MAX_LENGTH)
    return {
        "settings": asdict(settings),
        "tokens": of_tokens(org, now),
        "groups": _counted(group.type for group in groups),
        "imports": _counted(record.at(now).status for record in adapters.imports().newest(org)),
        "synced_at": max(synced).isoformat(timespec="seconds") if synced else None,
        "mails": _counted(item.status for item in _mails(now + _ANY_TIME) if item.organiser_id == org),
        "dead_letters": sum(letter.concerns(org) for letter in letters),
    }


def _mails(until: datetime) -> Iterator[OutboxItem]:
    outbox = Outbox(table())
    return chain(outbox.due(until), outbox.due(until, WELCOMES_DUE))


def of_tokens(org: str, now: datetime) -> list[dict[str, Any]]:
    """The valid tokens, with the beginning of their hashes."""
    return [
        {
            "name": token.name,
            "scope": token.scope,
            "hash": token.hash[:8],
            "ends_at": token.ends_at.isoformat(timespec="seconds") if token.ends_at else None,
        }
        for token in adapters.organisers().tokens(org)
        if not token.has_ended(now)
    ]


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(map(str, words)).items()))
