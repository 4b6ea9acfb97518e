"""The commands and their arguments, for `--help` and for the function."""

import argparse
import os
import sys
from collections.abc import Sequence

_DESCRIPTION = "Administer a stage of Guestlist: organisers and their tokens, dead letters, stuck imports."
_EXAMPLES = """\
examples:
  %(prog)s --local organisers create hall --name "City Hall" --email it@hall.example --zone Europe/Amsterdam
  %(prog)s --stage live senders add hall hall.example
  %(prog)s --stage live tokens rotate hall checkout --overlap-hours 24
  %(prog)s --stage live dead-letters show
  %(prog)s --stage live dead-letters replay --queue uploads --most 10
  %(prog)s --stage live imports fail hall 01k… --reason "The file was sent twice; send nothing more."

A token is printed once, when it is created, and stored only as a hash.
Exit codes: 0 done, 1 refused, 2 wrong usage, or unknown whether it was done.
"""
_LOCAL = "http://127.0.0.1:8000"
_SCOPES = ("organiser", "checkout", "door", "reader")
_QUEUES = ("uploads", "mail", "timers", "webhooks")

Commands = argparse._SubParsersAction  # noqa: SLF001 - the one name that argparse has for it


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    root = argparse.ArgumentParser(
        prog="python -m infra.administration",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = root.add_mutually_exclusive_group()
    where.add_argument("--stage", help="the stage in the account that the AWS credentials are for (default: $STAGE)")
    where.add_argument("--function", help="the function's own name or ARN, instead of a stage's")
    where.add_argument(
        "--local", nargs="?", const=_LOCAL, metavar="ADDRESS", help=f"the stack of make run (default: {_LOCAL})"
    )
    root.set_defaults(stage=os.environ.get("STAGE"))
    resources = root.add_subparsers(
        dest="resource", required=True, metavar="organisers | senders | tokens | dead-letters | imports"
    )
    _organisers(_resource(resources, "organisers", "create organisers and show their state"))
    _senders(_resource(resources, "senders", "grant the senders that an organiser may use"))
    _tokens(_resource(resources, "tokens", "create, rotate and revoke tokens"))
    _letters(_resource(resources, "dead-letters", "inspect and replay dead letters"))
    _imports(_resource(resources, "imports", "imports that do not continue by themselves"))
    return root


def _resource(
    parsers: "Commands[argparse.ArgumentParser]", name: str, about: str
) -> "Commands[argparse.ArgumentParser]":
    resource = parsers.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    return resource.add_subparsers(dest="act", required=True, metavar="COMMAND")


def _command(
    resource: "Commands[argparse.ArgumentParser]", name: str, about: str, *needed: str
) -> argparse.ArgumentParser:
    command = resource.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    for one in needed:
        command.add_argument(one, help=_NEEDED[one])
    return command


_NEEDED = {
    "id": "the organiser's id: 1 to 128 of A–Z a–z 0–9 . _ ~ -",
    "name": "the token's name",
    "sender": "an address such as tickets@hall.example, or a domain such as hall.example",
    "import_id": "the import's id, which is also the reference in its mails",
}


def _organisers(resource: "Commands[argparse.ArgumentParser]") -> None:
    new = _command(resource, "create", "create an organiser and print its first tokens once", "id")
    new.add_argument("--name", required=True, help="its name, as people see it")
    new.add_argument("--email", required=True, help="the address that gets result mails")
    new.add_argument("--zone", default="UTC", help="its time zone, in which dates end (default: %(default)s)")
    _command(resource, "show", "print its settings, tokens, groups, imports, last sync, mails and dead letters", "id")
    _command(resource, "list", "print all organisers")


def _senders(resource: "Commands[argparse.ArgumentParser]") -> None:
    _command(
        resource,
        "add",
        "let an organiser send mails from an address or a domain",
        "id",
        "sender",
    )
    _command(resource, "remove", "revoke a sender; mails then come from the stage's own", "id", "sender")
    _command(resource, "list", "print the senders that an organiser may use", "id")


def _tokens(resource: "Commands[argparse.ArgumentParser]") -> None:
    new = _command(resource, "create", "create a token and print it once", "id")
    new.add_argument("scope", choices=_SCOPES, help="which calls it may make (docs/api.md)")
    new.add_argument("--name", required=True, help="the name of the token, such as its purpose")
    old = _command(resource, "rotate", "replace the token of that name and print the new one once", "id", "name")
    old.add_argument(
        "--overlap-hours", type=int, default=0, help="how long the former one stays valid (default: not at all)"
    )
    _command(resource, "revoke", "end every token of that name at once", "id", "name")
    _command(resource, "list", "print the tokens in use, without their secrets", "id")


def _letters(resource: "Commands[argparse.ArgumentParser]") -> None:
    about = "print dead letters; they stay in their queues"
    for command in (
        _command(resource, "show", about),
        _command(resource, "replay", "send each again to its queue or function, then delete it"),
    ):
        command.add_argument("--queue", choices=_QUEUES, help="one queue (default: all)")
        command.add_argument("--most", type=int, default=100, help="the most letters of a queue (default: %(default)s)")


def _imports(resource: "Commands[argparse.ArgumentParser]") -> None:
    _command(resource, "stuck", "print imports whose worker has stopped responding")
    _command(resource, "resume", "resume one, with its number of attempts reset", "id", "import_id")
    end = _command(resource, "fail", "fail one, mail the organiser and undo what it stored", "id", "import_id")
    end.add_argument("--reason", required=True, help="a sentence for the organiser, which that mail contains")


def arguments(namespace: argparse.Namespace) -> tuple[str, dict[str, object]]:
    """The name of the command, in two words, and its arguments."""
    where = {"stage", "function", "local", "resource", "act"}
    command_arguments = {
        name: value for name, value in vars(namespace).items() if name not in where and value is not None
    }
    return f"{namespace.resource} {namespace.act}", command_arguments


def read(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exits on an error."""
    root = parser()
    namespace = root.parse_args(_with_address(sys.argv[1:] if words is None else words))
    if not (namespace.stage or namespace.function or namespace.local):
        root.error("one of --stage, --function and --local is required")
    return namespace


def _with_address(words: Sequence[str]) -> list[str]:
    """The words with the default address after a bare `--local`, for which argparse would take the command."""
    following = [*words[1:], ""]
    plain = [word == "--local" and not after.startswith("http") for word, after in zip(words, following, strict=True)]
    return [f"--local={_LOCAL}" if alone else word for word, alone in zip(words, plain, strict=True)]
