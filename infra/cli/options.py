"""Options of the commands, and the state that they share."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from .client import LOCAL_BASE, Api, Runtime
from .outcome import Failure


class Kind(StrEnum):
    """The content of a file."""

    TARGET_GROUP = "target_group"
    CUSTOMERS = "customers"
    TICKETS = "tickets"
    PURCHASES = "purchases"


class Mode(StrEnum):
    """The effect on an existing list."""

    CREATE = "create"
    REPLACE = "replace"
    APPEND = "append"
    REMOVE = "remove"


class Usage(StrEnum):
    """The redeemed part of an entry."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


@dataclass
class State:
    """The state that all commands share; tests pass their own."""

    runtime: Runtime = field(default_factory=Runtime)
    interactive: Callable[[], bool] = sys.stdin.isatty
    base: str = LOCAL_BASE
    json: bool = False

    connections: ExitStack = field(default_factory=ExitStack)

    def api(self) -> Api:
        """The API to call."""
        api = Api(self.base, self.runtime)
        self.connections.callback(api.close)
        return api


class Commands(TyperGroup):
    """A command group that reports failures in one line."""

    def invoke(self, ctx: Any) -> Any:
        """Carry out the command."""
        try:
            return super().invoke(ctx)
        except Failure as failure:
            typer.echo(str(failure), err=True)
            raise typer.Exit(failure.exit_code) from failure
        finally:
            if isinstance(ctx.obj, State):
                ctx.obj.connections.close()


Context = typer.Context
Group = Annotated[str, typer.Argument(help="The name or the id of the group.")]
Quantity = Annotated[int, typer.Option(min=1, help="The quantity.")]
Seat = Annotated[str | None, typer.Option(help="The label of the seat.")]
Category = Annotated[str | None, typer.Option(help="The category.")]
Email = Annotated[str | None, typer.Option(help="The address of the customer, who is signed in.")]
Used = Annotated[Usage | None, typer.Option(help="Only entries of which no use is redeemed, some are, or all are.")]
