"""The commands and what each takes, for `--help` and for the function."""

import argparse
import os
import sys
from collections.abc import Sequence

_DESCRIPTION = "Look after a stage of Guestlist: organisers and their tokens, dead letters, imports that do not end."
_EXAMPLES = """\
examples:
  %(prog)s --local organisers create hall --name "City Hall" --email it@hall.example --zone Europe/Amsterdam
  %(prog)s --stage live senders add hall hall.example
  %(prog)s --stage live tokens rotate hall checkout --overlap-hours 24
  %(prog)s --stage live dead-letters show
  %(prog)s --stage live dead-letters replay --queue uploads --most 10
  %(prog)s --stage live imports fail hall 01k… --reason "The file was sent twice; send nothing more."

A token is printed once, when it is made, and kept nowhere in clear.
It answers 0 when it is done, 1 when it was refused, 2 when it is not known what became of it or the words are wrong.
"""
_LOCAL = "http://127.0.0.1:8000"
_SCOPES = ("organiser", "checkout")
_QUEUES = ("uploads", "mail", "timers")

Commands = argparse._SubParsersAction  # noqa: SLF001 - the one name that argparse has for it


def parser() -> argparse.ArgumentParser:
    """What reads the command line."""
    made = argparse.ArgumentParser(
        prog="python -m infra.operator",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = made.add_mutually_exclusive_group()
    where.add_argument("--stage", help="the stage in the account that the AWS credentials are for (default: $STAGE)")
    where.add_argument("--function", help="the function's own name or ARN, instead of a stage's")
    where.add_argument(
        "--local", nargs="?", const=_LOCAL, metavar="ADDRESS", help=f"the stack of make run (default: {_LOCAL})"
    )
    made.set_defaults(stage=os.environ.get("STAGE"))
    rooms = made.add_subparsers(
        dest="room", required=True, metavar="organisers | senders | tokens | dead-letters | imports"
    )
    _organisers(_room(rooms, "organisers", "make organisers, and see how things stand with one"))
    _senders(_room(rooms, "senders", "grant the addresses and domains that an organiser's mails may come from"))
    _tokens(_room(rooms, "tokens", "give out, exchange and take back tokens"))
    _letters(_room(rooms, "dead-letters", "look at what nobody tries again, and try it once more"))
    _imports(_room(rooms, "imports", "imports that are not gone on with of themselves"))
    return made


def _room(rooms: "Commands[argparse.ArgumentParser]", name: str, about: str) -> "Commands[argparse.ArgumentParser]":
    made = rooms.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    return made.add_subparsers(dest="act", required=True, metavar="COMMAND")


def _command(room: "Commands[argparse.ArgumentParser]", name: str, about: str, *needed: str) -> argparse.ArgumentParser:
    made = room.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    for one in needed:
        made.add_argument(one, help=_NEEDED[one])
    return made


_NEEDED = {
    "id": "the organiser's id: 1 to 128 of A–Z a–z 0–9 . _ ~ -",
    "name": "the token's name",
    "sender": "an address such as tickets@hall.example, or a domain such as hall.example",
    "import_id": "the import's id, which is also the reference in its mails",
}


def _organisers(room: "Commands[argparse.ArgumentParser]") -> None:
    new = _command(room, "create", "make an organiser and print a token of each scope, once", "id")
    new.add_argument("--name", required=True, help="what people call it")
    new.add_argument("--email", required=True, help="where result mails go")
    new.add_argument("--zone", default="UTC", help="the time zone in which its days end (default: %(default)s)")
    _command(room, "show", "print its settings, tokens, groups, imports, last sync, mails and dead letters", "id")
    _command(room, "list", "print all organisers")


def _senders(room: "Commands[argparse.ArgumentParser]") -> None:
    _command(
        room, "add", "let an organiser's mails come from an address, or from any address of a domain", "id", "sender"
    )
    _command(room, "remove", "take a sender back; mails then come from the stage's own sender", "id", "sender")
    _command(room, "list", "print the senders that an organiser may use", "id")


def _tokens(room: "Commands[argparse.ArgumentParser]") -> None:
    new = _command(room, "create", "give out a token and print it, once", "id")
    new.add_argument("scope", choices=_SCOPES, help="what it may call: everything, or the checkout's calls alone")
    new.add_argument("--name", required=True, help="what it is for; names the token from now on")
    old = _command(room, "rotate", "print a new token in place of the one of that name, once", "id", "name")
    old.add_argument(
        "--overlap-hours", type=int, default=0, help="how long the former one stays good (default: not at all)"
    )
    _command(room, "revoke", "end every token of that name at once", "id", "name")
    _command(room, "list", "print the tokens in use, without what their bearers send", "id")


def _letters(room: "Commands[argparse.ArgumentParser]") -> None:
    about = "print what lies there and leave it there"
    for made in (
        _command(room, "show", about),
        _command(room, "replay", "send each to where it failed, and only then take it away"),
    ):
        made.add_argument("--queue", choices=_QUEUES, help="one queue (default: all)")
        made.add_argument("--most", type=int, default=100, help="at most so many of a queue (default: %(default)s)")


def _imports(room: "Commands[argparse.ArgumentParser]") -> None:
    _command(room, "stuck", "print the imports of all organisers whose worker was not heard of in time")
    _command(room, "resume", "have a worker go on with one, as if it had never been tried", "id", "import_id")
    end = _command(room, "fail", "end one with the organiser's mail; what it stored is taken back", "id", "import_id")
    end.add_argument("--reason", required=True, help="a sentence for the organiser, who reads it in that mail")


def arguments(said: argparse.Namespace) -> tuple[str, dict[str, object]]:
    """The command in two words, and what was said with it."""
    where = {"stage", "function", "local", "room", "act"}
    with_it = {name: value for name, value in vars(said).items() if name not in where and value is not None}
    return f"{said.room} {said.act}", with_it


def read(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line as it was said; ends the program when it cannot be."""
    made = parser()
    said = made.parse_args(_with_address(sys.argv[1:] if words is None else words))
    if not (said.stage or said.function or said.local):
        made.error("say where: --stage, --function or --local")
    return said


def _with_address(words: Sequence[str]) -> list[str]:
    """The words, `--local` with its address: else it would take the command for one."""
    following = [*words[1:], ""]
    plain = [word == "--local" and not after.startswith("http") for word, after in zip(words, following, strict=True)]
    return [f"--local={_LOCAL}" if alone else word for word, alone in zip(words, plain, strict=True)]
