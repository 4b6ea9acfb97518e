"""Imports and sources for tests, complete but for what a test says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from guestlist.imports.model import Import, Kind, Options, Source, Status
from guestlist.organisers.model import Scope, Token
from tests.fakes.imports import START

TOKEN = Token(organiser_id="demo", scope=Scope.ORGANISER, name="night shift", hash="0" * 64)
SOURCE = Source(key="uploads/demo/imp-1", version_id="v1", size=100, modified=START)


def an_import(**facts: Any) -> Import:
    """An import of a list called Friends, waiting for its file."""
    plain = Import(
        organiser_id="demo",
        import_id="imp-1",
        kind=Kind.TARGET_GROUP,
        file_name="friends.csv",
        options=Options(group="Friends"),
        group_name="Friends",
        created_at=START,
        created_by=TOKEN.name,
        expires_at=START + timedelta(hours=1),
        due_at=START + timedelta(hours=1),
    )
    return replace(plain, **facts)


def a_running_import(**facts: Any) -> Import:
    """An import whose file arrived, with a lease of worker w1 until two minutes from the start."""
    running = {
        "status": Status.READING,
        "source": SOURCE,
        "worker": "w1",
        "attempts": 1,
        "due_at": START + timedelta(minutes=2),
    }
    return an_import(**{**running, **facts})
