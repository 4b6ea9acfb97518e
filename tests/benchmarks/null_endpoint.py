"""A DynamoDB that answers at once and keeps nothing, so that what is measured is the client.

It counts requests, items and bytes, and computes write units from the bytes of each item as DynamoDB does: a
benchmark that skips work, or asks twice, is caught by `counts`. What reads are to find is told beforehand; it never
changes. It listens on 127.0.0.1 alone, in a process of its own.
"""

import json
import os
import socketserver
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from math import ceil
from tempfile import NamedTemporaryFile
from typing import Any
from zlib import crc32

_TABLE = {
    "TableName": "table",
    "TableStatus": "ACTIVE",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
}

Item = dict[str, dict[str, Any]]
"""An item in DynamoDB's own JSON."""


@dataclass(frozen=True, slots=True)
class NullEndpoint:
    """One that runs. `address` is for `endpoint_url`."""

    address: str

    def counts(self) -> Counter[str]:
        """The requests since the start or the last reset.

        `requests`, `items` (written), `read` (items answered), `bytes` (of bodies received), `units` (written),
        and the requests of each operation by its name.
        """
        return Counter(self._get("/counts"))

    def reset(self) -> None:
        """Reset the counts."""
        self._get("/reset")

    def _get(self, path: str) -> Any:
        with closing(HTTPConnection(self.address.removeprefix("http://"))) as connection:
            connection.request("GET", path)
            return json.load(connection.getresponse())


@contextmanager
def null_endpoint(items: Iterable[Item] = ()) -> Iterator[NullEndpoint]:
    """Runs until the end of the block; these items are what reads find, by `pk` and `sk`."""
    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(list(items), file)
        file.flush()
        command = [sys.executable, "-m", "tests.benchmarks.null_endpoint", file.name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout
                yield NullEndpoint(f"http://127.0.0.1:{int(process.stdout.readline())}")
            finally:
                process.terminate()


def size(item: Item) -> int:
    """The bytes of an item as DynamoDB counts them, for strings, numbers, booleans, binary values and maps of these."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content) * 3 // 4 - content.count("=")
        case "N":
            return ceil(len(content.strip("-0.")) / 2) + 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(inner) for name, inner in content.items())
        case "L":
            return 3 + sum(1 + _size(inner) for inner in content)
        case _:
            return 1


class Store:
    """The items that reads find, and the counts."""

    def __init__(self, items: list[Item]) -> None:
        self._items = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
        self._partitions: dict[str, list[tuple[str, Item]]] = {}
        for (pk, sk), item in sorted(self._items.items()):
            self._partitions.setdefault(pk, []).append((sk, item))
        self._answers: dict[tuple[str, bytes], tuple[bytes, Counter[str]]] = {}
        self.counts: Counter[str] = Counter()

    def answer(self, operation: str, body: bytes) -> bytes:
        """The body of the answer; the same question is looked up once."""
        recorded_request = (operation, body)
        if recorded_request not in self._answers:
            response = self._looked_up(operation, json.loads(body))
            if operation.startswith(("BatchWrite", "Put", "Update", "Delete", "Transact", "Execute", "BatchExecute")):
                return self._counted(operation, body, *response)
            self._answers[recorded_request] = response
        return self._counted(operation, body, *self._answers[recorded_request])

    def _counted(self, operation: str, body: bytes, answer: bytes, counts: Counter[str]) -> bytes:
        self.counts.update({"requests": 1, "bytes": len(body), operation: 1})
        self.counts.update(counts)
        return answer

    def _looked_up(  # noqa: PLR0911 - one for each operation
        self, operation: str, request: dict[str, Any]
    ) -> tuple[bytes, Counter[str]]:
        match operation:
            case "BatchWriteItem":
                writes = [write for some in request["RequestItems"].values() for write in some]
                return b'{"UnprocessedItems":{}}', _write_counts(
                    [one["PutRequest"]["Item"] for one in writes if "PutRequest" in one]
                )
            case "PutItem":
                return b"{}", _write_counts([request["Item"]])
            case "GetItem":
                item = self._items.get(_key(request["Key"]))
                return _json({"Item": item} if item else {}), Counter(read=bool(item))
            case "BatchGetItem":
                tables = {
                    name: self._some(table_request["Keys"]) for name, table_request in request["RequestItems"].items()
                }
                return _json({"Responses": tables, "UnprocessedKeys": {}}), Counter(read=sum(map(len, tables.values())))
            case "Query":
                items = list(self._queried(request))
                return _json({"Items": items, "Count": len(items), "ScannedCount": len(items)}), Counter(
                    read=len(items)
                )
            case "DescribeTable":
                return _json({"Table": _TABLE}), Counter()
            case _:
                return b"{}", Counter()

    def _some(self, keys: list[Item]) -> list[Item]:
        return [self._items[key] for key in map(_key, keys) if key in self._items]

    def _queried(self, request: dict[str, Any]) -> Iterator[Item]:
        """The items of one partition of the table; an index holds nothing."""
        if "IndexName" in request:
            return
        values = {name: value["S"] for name, value in request["ExpressionAttributeValues"].items()}
        begins = "begins_with" in request["KeyConditionExpression"]
        for sk, item in self._partitions.get(values[":pk"], ()):
            if sk.startswith(values.get(":from", "")) if begins else _between(sk, values):
                yield item


def _between(sk: str, values: dict[str, str]) -> bool:
    return ":to" not in values or values[":from"] <= sk <= values[":to"]


def _key(key: Item) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]


def _write_counts(items: list[Item]) -> Counter[str]:
    return Counter(items=len(items), units=sum(ceil(size(item) / 1024) for item in items))


def _json(answer: Any) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode()


class _Handler(socketserver.StreamRequestHandler):
    """Keeps its connection; understands no more of HTTP than clients of DynamoDB need."""

    disable_nagle_algorithm = True
    server: "_Server"

    def handle(self) -> None:
        while line := self.rfile.readline():
            headers = {}
            while (header := self.rfile.readline()) not in {b"\r\n", b""}:
                name, _, value = header.partition(b":")
                headers[name.lower()] = value.strip()
            body = self.rfile.read(int(headers.get(b"content-length", 0)))
            target = headers.get(b"x-amz-target", b"").decode().rpartition(".")[2]
            answer = self._answer(line.split()[1], target, body)
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
                b"x-amzn-RequestId: null\r\nx-amz-crc32: %d\r\nContent-Length: %d\r\n\r\n%b"
                % (crc32(answer), len(answer), answer)
            )

    def _answer(self, path: bytes, operation: str, body: bytes) -> bytes:
        store = self.server.store
        match path:
            case b"/counts":
                return _json(store.counts)
            case b"/reset":
                store.counts.clear()
                return b"{}"
            case _:
                return store.answer(operation, body)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, store: Store) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = store


def main(items: str) -> None:
    """Serve these items until ended; the first line printed is the port."""
    with open(items, encoding="utf-8") as file:  # noqa: PTH123 - a name that was handed over
        server = _Server(Store(json.load(file)))
    os.write(1, f"{server.server_address[1]}\n".encode())
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
