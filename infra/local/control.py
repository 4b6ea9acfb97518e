"""The calls under `/local`, with which developers and acceptance tests control the local stack."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.web.fields import with_plus_signs
from guestlist.model import clock
from guestlist.model.duration import Duration
from infra.gateway import NO_METHOD, NO_ROUTE, GatewayProblem
from infra.local.clock import Clock
from infra.local.mail_page import mail_page
from infra.local.timers import TimerFailed, Timers

Answer = tuple[HTTPStatus, Mapping[str, Any]]
_duration = TypeAdapter(Duration)


class Refused(Exception):
    """The call cannot be carried out as requested."""

    def __init__(self, problem: GatewayProblem, **headers: str) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.headers = headers


@dataclass(slots=True)
class Control:
    """The running stack, as `/local` controls it."""

    address: str
    outputs: Mapping[str, str]
    clock: Clock
    timers: Timers
    ready: bool = False

    def mails(self, query: Mapping[str, list[str]]) -> str:
        """The page of sent mails, possibly of those to one address."""
        to = _address(query)
        return mail_page(self._emails(to), to)

    def answer(self, method: str, path: str, query: Mapping[str, list[str]], body: bytes | None) -> Answer:
        """The response to `method path`. Raises `Refused`."""
        call = self._calls().get(path)
        if call is None:
            raise Refused(NO_ROUTE)
        allowed_methods, act = call
        if method != allowed_methods:
            raise Refused(NO_METHOD, Allow=allowed_methods)
        return HTTPStatus.OK, act(query, _read(body))

    def _calls(self) -> Mapping[str, tuple[str, Callable[[Mapping[str, list[str]], Any], Mapping[str, Any]]]]:
        return {
            "/local": ("GET", lambda _query, _body: self._state()),
            "/local/emails": ("GET", lambda query, _body: {"items": self._emails(_address(query))}),
            "/local/clock": ("POST", lambda _query, body: self._move(body)),
            "/local/schedules/resync/run": ("POST", lambda _query, _body: self._fire("resync")),
            "/local/schedules/expiry/run": ("POST", lambda _query, _body: self._fire("expiry")),
        }

    def _state(self) -> Mapping[str, Any]:
        return {
            "ready": self.ready,
            "aws_endpoint": self.address,
            "bucket": self.outputs["BucketName"],
            "table": self.outputs["TableName"],
        }

    def _emails(self, to: str) -> list[Mapping[str, Any]]:
        """The mails to this address, or all if it is empty; newest first."""
        with urllib.request.urlopen(f"{self.address}/_ministack/ses/messages") as answer:  # noqa: S310 - our own address
            accounts = json.load(answer)["messages"]
        mails_by_age = sorted(
            (mail for mails in accounts.values() for mail in mails), key=lambda mail: -mail["Timestamp"]
        )
        return [_email(mail) for mail in mails_by_age if not to or to.casefold() in map(str.casefold, mail["To"])]

    def _fire(self, timer: str) -> Mapping[str, Any]:
        try:
            return self.timers.run(timer)
        except TimerFailed as failure:
            raise Refused(GatewayProblem(HTTPStatus.INTERNAL_SERVER_ERROR, "timer_failed", str(failure))) from failure

    def _move(self, body: Any) -> Mapping[str, Any]:
        match body:
            case {"reset": True, **others} if not others:
                self.clock.reset()
            case {"advance": advance, **others} if not others:
                self.clock.advance(_length(advance))
            case _:
                raise Refused(_invalid('The body is {"advance": {"value": 1, "unit": "days"}} or {"reset": true}.'))
        return {"now": _instant(clock.now())}


def _address(query: Mapping[str, list[str]]) -> str:
    """The requested address, empty without one."""
    return with_plus_signs(query.get("to", [""])[0])


def _length(advance: Any) -> Any:
    try:
        return _duration.validate_python(advance).length
    except ValidationError as error:
        raise Refused(_invalid("A duration is a value of 1 or more and a unit, days or weeks.")) from error


def _read(body: bytes | None) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError as error:
        raise Refused(GatewayProblem(HTTPStatus.BAD_REQUEST, "malformed_json", "The body is not JSON.")) from error


def _invalid(detail: str) -> GatewayProblem:
    return GatewayProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail)


def _email(mail: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "to": ", ".join(mail["To"]),
        "from": mail["Source"],
        "subject": mail["Subject"],
        "text": mail["BodyText"],
        "html": mail["BodyHtml"],
        "sent_at": _instant(datetime.fromtimestamp(mail["Timestamp"], UTC)),
    }


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
