"""A real receiver of webhooks on loopback with prepared responses: late, wrong, none, or not HTTP."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from tempfile import NamedTemporaryFile
from threading import Event, Thread
from types import SimpleNamespace

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(status: int, content: bytes = b"no", *lines: str) -> bytes:
    """An answer with that status."""
    head = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(content)}", *lines, "", ""]
    return "\r\n".join(head).encode() + content


class Receiver:
    """The received requests, oldest first, and the responses: `answers` in turn, then always 200.

    An answer that is None never comes before `released`; one in parts comes in pieces, as long as anybody listens.
    """

    def __init__(self) -> None:
        self.came: list[SimpleNamespace] = []
        self.answers: list[bytes | Iterator[bytes] | None] = []
        self.arrived = Event()
        self.released = Event()
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.came]

    def serve(self, connection: socket.socket) -> None:
        """Read one request and answer it."""
        text = b""
        while b"\r\n\r\n" not in text:
            text += connection.recv(65536)
        head, _, body = text.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        while len(body) < int(headers["content-length"]):
            body += connection.recv(65536)
        response = self.answers.pop(0) if self.answers else OK
        self.came.append(SimpleNamespace(line=first, headers=headers, body=body.decode()))
        self.arrived.set()
        if response is None:
            self.released.wait(60)
            return
        for part in [response] if isinstance(response, bytes) else response:
            connection.sendall(part)


@contextmanager
def receiving(
    trust: ssl.SSLContext | None = None, served: Callable[[str | None], None] | None = None
) -> Iterator[Receiver]:
    """A receiver until the end of the block; with a context by TLS, and `served` is told the name in the handshake."""
    receiver = Receiver()
    if trust and served:
        trust.sni_callback = lambda _socket, name, _context: served(name)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        receiver.url = f"http{'s' if trust else ''}://127.0.0.1:{port}/hook?a=b"
        Thread(target=_accept, args=(listening, receiver, trust), daemon=True).start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, receiver: Receiver, trust: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        Thread(target=_serve, args=(connection, receiver, trust), daemon=True).start()


def _serve(connection: socket.socket, receiver: Receiver, trust: ssl.SSLContext | None) -> None:
    with connection, suppress(OSError):
        if trust is None:
            receiver.serve(connection)
            return
        with trust.wrap_socket(connection, server_side=True) as secured:
            receiver.serve(secured)


def hooks_example() -> SimpleNamespace:
    """TLS contexts: of a server with a certificate for `hooks.example`, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cadata=pem.decode())
    with NamedTemporaryFile() as file:
        file.write(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        server.load_cert_chain(file.name)
    return SimpleNamespace(server=server, client=client)
