"""The commands of `guestlist`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from . import deliveries, lists
from .client import LOCAL_BASE
from .imports import import_file, report, save_refused
from .options import Category, Commands, Context, Email, Group, Kind, Mode, Quantity, Seat, State, Used
from .outcome import ExitCode, Failure
from .output import as_json, line, table

app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def connect(
    ctx: Context,
    base: Annotated[str, typer.Option(envvar="GUESTLIST_BASE", help="The address of the API.")] = LOCAL_BASE,
    print_json: Annotated[bool, typer.Option("--json", help="Print the API's responses as JSON.")] = False,
) -> None:
    """Guestlist from a terminal.

    The token is read from GUESTLIST_TOKEN; the local stack needs none. Exit codes: 0 done, 1 refused, 2 wrong usage,
    3 imported with refused rows, 4 no answer.
    """
    ctx.obj = ctx.obj or State()
    ctx.obj.base, ctx.obj.json = base, print_json


@app.command("import")
def import_(  # noqa: PLR0913 - each option is an argument
    ctx: Context,
    *,
    file: Annotated[Path, typer.Argument(help="The file to import.")],
    kind: Annotated[Kind, typer.Option(help="The kind of the file.")] = Kind.TARGET_GROUP,
    group: Annotated[str | None, typer.Option(help="The name of the target group.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="The effect on an existing list.")] = None,
    event: Annotated[str | None, typer.Option(help="The id of the event of a ticket file.")] = None,
    when_full: Annotated[str | None, typer.Option(help="For tickets: continue or stop when the event is full.")] = None,
    consent: Annotated[bool, typer.Option(help="State that the people in the file agreed.")] = False,
    confirm_removals: Annotated[bool, typer.Option(help="Confirm in advance that memberships end.")] = False,
    publish_at: Annotated[
        str | None, typer.Option(help="When the list becomes current, such as 2026-12-01T09:00:00Z.")
    ] = None,
    option: Annotated[list[str] | None, typer.Option(help="Another option of the import: NAME=VALUE.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept all suggestions without asking.")] = False,
) -> None:
    """Import a file, ask what it leaves open, and save refused rows beside it.

    Without a terminal nothing is asked: a file that leaves a question open fails, or with --yes is taken as suggested.
    Consent is never suggested.
    """
    state: State = ctx.obj
    asking = state.interactive() and not yes and not state.json
    tickets = {"event_id": event, "when_full": when_full} if kind is Kind.TICKETS else {}
    if not all(tickets.values()):
        raise typer.BadParameter("A file of tickets needs --event and --when-full, which is continue or stop.")
    request = {
        "kind": kind,
        "group": group,
        "mode": mode,
        "publish_at": publish_at,
        "consent": consent,
        "confirm_removals": confirm_removals,
        "review": asking,
        "on_question": "wait" if asking else "suggested" if yes else "fail",
        **tickets,
        **dict(map(_option, option or ())),
    }
    api = state.api()
    ended = import_file(api, file, request, interactive=asking)
    if state.json:
        as_json(ended)
    else:
        report(ended)
    save_refused(api, ended, file)
    if ended["status"] == "partial":
        raise typer.Exit(ExitCode.PARTIAL)


def _option(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign:
        raise Failure(f"--option {text} is not NAME=VALUE.", ExitCode.WRONG_USAGE)
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


@app.command()
def check(
    ctx: Context,
    *,
    code: Annotated[str, typer.Argument(help="The code.")],
    quantity: Quantity = 1,
    seat: Seat = None,
    category: Category = None,
    email: Email = None,
    item: Annotated[list[str] | None, typer.Option(help="The id of a sale item; may be repeated.")] = None,
) -> None:
    """Check what a code opens. Changes nothing."""
    body = {
        "code": code,
        "quantity": quantity,
        "seats": [seat] if seat else None,
        "category": category,
        "customer": {"email": email, "authenticated": True} if email else None,
        "sale_items": item or [],
        "explain": True,
    }
    answer = ctx.obj.api().post("/v1/check", body)
    verdict = answer["code"]
    if ctx.obj.json:
        as_json(answer)
    else:
        _show_check(answer)
    if not verdict["valid"]:
        raise Failure(f"Not valid: {', '.join(verdict['reasons'])}. {' '.join(verdict.get('explanation', ()))}".strip())


def _show_check(answer: dict[str, Any]) -> None:
    names = ("group", "category", "seat", "quantity", "remaining")
    if answer["code"]["grants"]:
        table([[grant[name] for name in names] for grant in answer["code"]["grants"]], *names)
    if answer["items"]:
        rows = [
            (one["sale_item_id"], _yes(one["visible"]), _yes(one["purchasable"]), ", ".join(one["reasons"]))
            for one in answer["items"]
        ]
        table(rows, "sale item", "visible", "purchasable", "reasons")
    if answer["code"]["valid"]:
        line("Valid.")


def _yes(value: bool) -> str:
    return "yes" if value else "no"


@app.command()
def redeem(  # noqa: PLR0913 - each option is an argument
    ctx: Context,
    *,
    code: Annotated[str, typer.Argument(help="The code.")],
    order: Annotated[str, typer.Option(help="The number of the order; repeating it redeems nothing more.")],
    quantity: Quantity = 1,
    seat: Seat = None,
    category: Category = None,
    email: Email = None,
    item: Annotated[str | None, typer.Option(help="The id of the sale item.")] = None,
    hold: Annotated[int | None, typer.Option(min=1, help="Hold for so many seconds instead.")] = None,
) -> None:
    """Redeem uses of a code for an order, or hold them."""
    body = {
        "code": code,
        "order_id": order,
        "quantity": quantity,
        "seat": seat,
        "category": category,
        "email": email,
        "sale_item_id": item,
        "hold_seconds": hold,
    }
    result = ctx.obj.api().post("/v1/redemptions", body)
    if ctx.obj.json:
        as_json(result)
        return
    until = f" until {result['hold_expires_at']}" if result.get("hold_expires_at") else ""
    line(f"{result['status'].capitalize()}{until}: {result['redemption_id']}, {result['remaining']} remaining.")


@app.command()
def entries(
    ctx: Context,
    group: Group,
    q: Annotated[str | None, typer.Option("--q", help="The beginning of a code or an address.")] = None,
    used: Used = None,
    limit: Annotated[int, typer.Option(min=1, help="The maximum number.")] = 50,
) -> None:
    """List the entries of a target group."""
    api = ctx.obj.api()
    rows = list(api.items(f"/v1/groups/{lists.group_id(api, group)}/entries", limit, q=q, used=used))
    if ctx.obj.json:
        as_json(rows)
        return
    table([[one[name] for name in lists.ENTRY_COLUMNS] for one in rows], *lists.ENTRY_COLUMNS)
    line(f"{len(rows)} {'entry' if len(rows) == 1 else 'entries'}.")


@app.command()
def export(
    ctx: Context,
    group: Group,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write; - for standard output.")] = Path(
        "-"
    ),
    used: Used = None,
) -> None:
    """Write all members or entries of a group as a CSV file, which can be imported again."""
    lists.export(ctx.obj.api(), group, output, used)


@app.command()
def codes(  # noqa: PLR0913 - each option is an argument
    ctx: Context,
    *,
    group: Group,
    count: Annotated[int, typer.Option(min=1, max=100_000, help="The number of codes.")],
    prefix: Annotated[str | None, typer.Option(help="The beginning of each code.")] = None,
    length: Annotated[int | None, typer.Option(min=8, max=32, help="The number of letters after the prefix.")] = None,
    quantity: Quantity = 1,
    category: Category = None,
    seat: Seat = None,
    emails: Annotated[
        Path | None, typer.Option(help="A file with an address on each line: a personal code for each.")
    ] = None,
) -> None:
    """Generate codes that are hard to guess; `export` writes them to a file."""
    request = {
        "count": count,
        "prefix": prefix,
        "length": length,
        "quantity": quantity,
        "category": category,
        "seat": seat,
        "emails": _lines(emails) if emails else None,
    }
    ended = lists.make_codes(ctx.obj.api(), group, request)
    if ctx.obj.json:
        as_json(ended)
    else:
        line(f"Generated {ended['counts']['imported']} codes. Import {ended['import_id']} is {ended['status']}.")


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path} cannot be read: {error}.", ExitCode.WRONG_USAGE) from error
    return [one.strip() for one in text.splitlines() if one.strip()]


@app.command()
def tail(
    ctx: Context,
    webhook: Annotated[str | None, typer.Argument(help="The id of the webhook; not needed if there is one.")] = None,
    last: Annotated[int, typer.Option(min=1, max=200, help="The number of latest deliveries to show.")] = 20,
    follow: Annotated[bool, typer.Option(help="Show changes until Ctrl-C.")] = True,
) -> None:
    """Show the deliveries to a webhook and their retries as they happen."""
    api = ctx.obj.api()
    for one in deliveries.deliveries(api, deliveries.webhook_id(api, webhook), last, follow=follow):
        if ctx.obj.json:
            print(json.dumps(one, ensure_ascii=False), flush=True)
        else:
            line(deliveries.as_line(one))


def main() -> None:
    """Run the command."""
    app(prog_name="guestlist")
