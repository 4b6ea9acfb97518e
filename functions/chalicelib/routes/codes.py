"""Generate codes for a target group."""

from dataclasses import dataclass
from secrets import randbelow

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from guestlist.aws.bucket import bucket
from guestlist.aws.table import table
from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.imports.model import Consent, Import, Kind, Mode, Options, Status
from guestlist.imports.service import UPLOAD_WAIT, upload_key
from guestlist.lists.code_generator import CodesRequest, generate_codes
from guestlist.lists.codes_in_use import codes_in_use
from guestlist.lists.editing import writable_target_group
from guestlist.model.csv_lines import csv_lines
from guestlist.organisers.model import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesImport:
    """The import that adds the codes to the list."""

    import_id: str


@endpoint(
    Scope.ORGANISER,
    body=CodesRequest,
    answer=CodesImport,
    status=202,
    conflicts=("not_target_group", "group_expired"),
    invalid=("guessable",),
    idempotent=True,
)
def generate(call: Call, request: CodesRequest, group_id: str) -> CodesImport:
    """Generate random codes and append them to a target group's list, as an import; export the group to get them.

    The codes are new: no list of the organiser has any of them. The last character of each is a check character.
    """
    request.require_unguessable()
    adapters.groups().get_group(call.org, group_id)
    index = adapters.indexes().read_group_index(call.org)
    record = _record(call, request, writable_target_group(index, group_id, call.now))
    if not adapters.imports().add_import(record):
        record = adapters.imports().get_import(call.org, record.import_id)
    if record.status is Status.AWAITING_UPLOAD:
        bucket().put(upload_key(call.org, record.import_id), _file(call.org, index, request), "text/csv; charset=utf-8")
    return CodesImport(import_id=record.import_id)


def _record(call: Call, request: CodesRequest, group: IndexedGroup) -> Import:
    by = call.token.name
    return Import(
        organiser_id=call.org,
        import_id=call.new_id(),
        kind=Kind.TARGET_GROUP,
        file_name="codes.csv",
        options=Options(group=group.name, mode=Mode.APPEND),
        created_at=call.now,
        created_by=by,
        expires_at=call.now + UPLOAD_WAIT,
        due_at=call.now + UPLOAD_WAIT,
        group_name=group.name,
        consent=Consent(by=by, at=call.now) if request.emails else None,
    )


def _file(org: str, index: GroupIndex, request: CodesRequest) -> bytes:
    codes = generate_codes(request, lambda keys: codes_in_use(table(), org, index, keys), randbelow)
    return "".join(csv_lines(request.rows(codes))).encode()
