"""Explanations of refusals in sentences: which level refused, what was found, what was needed, what would help.

They disclose nobody else's data, and not in which other groups a code is known.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guestlist.checkout.findings import Finding
from guestlist.checkout.response import Reason
from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.messages import catalogue
from guestlist.messages.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Purchases of `name` that a rule lacks; `before` is the exclusive instant by which they must be made, if any."""

    name: str
    found: int
    needed: int
    before: datetime | None = None


Alternatives = Sequence[Sequence[Shortfall]]
"""Alternative ways into a group; all shortfalls of one way must be met."""

Rules = Callable[[str], Alternatives]
"""Returns what the authenticated customer lacks for an automatic group, by its id."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Renders explanations in one language, with dates in `zone`."""

    language: Language
    zone: ZoneInfo
    rules: Rules

    def __call__(self, findings: Sequence[Finding]) -> tuple[str, ...]:
        """The distinct sentences about the findings."""
        return tuple(dict.fromkeys(sentence for finding in findings for sentence in self._sentences(finding)))

    def _sentences(self, finding: Finding) -> Iterator[str]:
        words = self._say(
            finding.reason.value,
            groups=[group.name for group in finding.groups],
            ended=self._day(finding.ended - timedelta(microseconds=1)) if finding.ended else "",
            starts=self._moment(finding.starts) if finding.starts else "",
            needed=finding.needed,
            free=finding.free,
            wanted=", ".join(finding.wanted),
            opened=", ".join(finding.opened) or "–",
        )
        yield f"{self._say(f'level.{finding.level.value}')}: {words}"
        if finding.reason in {Reason.NOT_IN_GROUP, Reason.MEMBERSHIP_ENDED}:
            for group in finding.groups:
                yield from self._help(group)

    def _help(self, group: IndexedGroup) -> Iterator[str]:
        rules = self.rules(group.group_id) if group.type is GroupType.AUTOMATIC else ()
        ways = [self._say("help.and").join(map(self._part, way)) for way in rules if way]
        if ways:
            yield self._say("help", group=[group.name], ways=self._say("help.or").join(ways))

    def _part(self, shortfall: Shortfall) -> str:
        count, needed = shortfall.found, shortfall.needed
        what = self._say("help.tickets", n=needed - count, name=shortfall.name, found=count, needed=needed)
        return (
            what if shortfall.before is None else self._say("help.before", what=what, day=self._day(shortfall.before))
        )

    def _day(self, at: datetime) -> str:
        return catalogue.day(at.astimezone(self.zone), self.language)

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        # With the abbreviation, as the hour repeated at the end of daylight saving time is two instants.
        return catalogue.moment(local, f"{local:%Z}", self.language)

    def _say(self, key: str, **params: catalogue.Param) -> str:
        return catalogue.render(f"explain.{key}", params, self.language)
