"""Import of the sample files, through the API and the bucket's forms like any client."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

from infra.grid import grid

_TOKEN = "demo-organiser"  # noqa: S105 - a token of the local stack, known to all
_ENDED = {"complete", "partial", "failed", "cancelled"}
_HEADER = ("file", "kind", "status", "rows", "imported", "refused")
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of `samplecsv/`, its kind, and the options of its import."""

    file: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)


# The catalogue that the sample files refer to, in repeatable calls.
CATALOGUE: Sequence[tuple[str, str, Mapping[str, Any]]] = (
    ("PUT", "/v1/events/spring-concert", {"name": "Spring concert", "capacity": 400}),
    ("PUT", "/v1/sale-items/early-bird", {"name": "Early bird", "event_id": "spring-concert"}),
    ("PUT", "/v1/sale-items/regular", {"name": "Regular", "event_id": "spring-concert"}),
    ("POST", "/v1/groups", {"name": "Members", "type": "manual"}),
    ("POST", "/v1/groups", {"name": "Friends of the house", "type": "manual"}),
)
SAMPLES: Sequence[Sample] = (
    Sample("codes.csv", "target_group", {"group": "Codes"}),
    Sample("barcodes-with-categories.csv", "target_group", {"group": "Categories"}),
    Sample("emails-with-seats.csv", "target_group", {"group": "Seats", "consent": True}),
    Sample("bad-quantities.csv", "target_group", {"group": "Bad quantities"}),
    Sample("excel-workbook.csv", "target_group", {"group": "A workbook"}),
    Sample("customers.csv", "customers", {"consent": True}),
    Sample("tickets.csv", "tickets", {"event_id": "spring-concert", "when_full": "continue"}),
    Sample("purchases.csv", "purchases"),
)


def import_samples(base: str, folder: Path, state: Path, ending: Event) -> str:
    """Import the samples that no earlier start has imported, and return a table of the results.

    The ids of their imports are stored in the file `state`.
    """
    begun: dict[str, str] = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
    for method, call, body in () if begun else CATALOGUE:
        with suppress(urllib.error.HTTPError):
            _call(f"{base}{call}", body, method)
    rows: list[tuple[str, ...]] = [_HEADER]
    for sample, path in ((sample, folder / sample.file) for sample in SAMPLES):
        if ending.is_set() or not path.exists():
            continue
        try:
            if sample.file not in begun:
                begun[sample.file] = _begin(base, sample, path.read_bytes())
            rows.append(_row(sample, _ended(base, begun[sample.file], ending)))
        except urllib.error.HTTPError as error:
            rows.append((sample.file, sample.kind, f"HTTP {error.code}", "", "", ""))
    state.write_text(json.dumps(begun), encoding="utf-8")
    return grid(rows)


def _begin(base: str, sample: Sample, content: bytes) -> str:
    request = {"kind": sample.kind, "file_name": sample.file, **sample.options}
    answer = _call(f"{base}/v1/imports", request)
    _upload(answer["upload"], content)
    return str(answer["import_id"])


def _ended(base: str, import_id: str, ending: Event) -> Any:
    """The import once it has ended, or as it is when that takes too long."""
    for _ in range(_SECONDS * 10):
        current = _call(f"{base}/v1/imports/{import_id}")
        if current["status"] in _ENDED or ending.wait(0.1):
            break
    return current


def _row(sample: Sample, ended: Any) -> tuple[str, ...]:
    counts = ended["counts"]
    status = ended["status"] + (f" ({ended['reason']})" if ended["reason"] else "")
    return (sample.file, sample.kind, status, *(str(counts[name]) for name in ("total", "imported", "refused")))


def _call(address: str, body: Any = None, method: str | None = None) -> Any:
    """Send a POST if there is a body, otherwise a GET, unless `method` says otherwise."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310 - our own server
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def _upload(form: Mapping[str, Any], content: bytes) -> None:
    """Upload a file through a form, as a browser does."""
    line = uuid4().hex
    fields = "".join(_part(line, f'name="{name}"', value) for name, value in form["fields"].items())
    head = _part(line, 'name="file"; filename="file.csv"', "").removesuffix("\r\n")
    body = (fields + head).encode() + content + f"\r\n--{line}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={line}"}
    request = urllib.request.Request(form["url"], body, headers)  # noqa: S310 - our own bucket
    with urllib.request.urlopen(request):  # noqa: S310
        pass


def _part(line: str, name: str, value: str) -> str:
    return f"--{line}\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n"
