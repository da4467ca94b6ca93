"""A mail server and a receiver of webhooks on this machine, that keep what they were sent."""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"


@dataclass
class Mailed:
    """What a mail server took; ``answers`` are what it says to each recipient, then "250 ok".

    ``tls`` secures connections: from the start or, with ``starttls``, when asked to. ``login`` is
    the only name and password that it lets in.
    """

    answers: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    starttls: bool = True
    login: tuple[str, str] | None = None
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as ``smtplib`` asks for."""

    def handle(self) -> None:
        kept = cast(Any, self.server).kept
        kept.connections += 1
        if kept.tls and not kept.starttls:
            self._secure(kept.tls)
        self._say("220 ready")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            answer = getattr(self, f"_{word.lower()}", self._unknown)(rest, kept)
            if answer:
                self._say(answer)
            if word.upper() == "QUIT":
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # one that was secured is another than the server closes

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _secure(self, tls: ssl.SSLContext) -> None:
        super().finish()
        self.request = tls.wrap_socket(self.request, server_side=True)
        self.connection = self.request
        self.setup()

    def _ehlo(self, rest: str, kept: Mailed) -> str:
        secured = isinstance(self.connection, ssl.SSLSocket)
        offered = ["STARTTLS"] if kept.tls and kept.starttls and not secured else []
        offered += ["AUTH PLAIN"] if kept.login else []
        lines = ["here", *offered, "8BITMIME"]
        return "\r\n".join(f"250{' ' if line == lines[-1] else '-'}{line}" for line in lines)

    def _starttls(self, rest: str, kept: Mailed) -> str:
        assert kept.tls
        self._say("220 go on")
        self._secure(kept.tls)
        return ""

    def _auth(self, rest: str, kept: Mailed) -> str:
        _, name, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        return "235 welcome" if (name, password) == kept.login else "535 no"

    def _mail(self, rest: str, kept: Mailed) -> str:
        return "250 ok"

    def _rcpt(self, rest: str, kept: Mailed) -> str:
        return kept.answers.pop(0) if kept.answers else "250 ok"

    def _data(self, rest: str, kept: Mailed) -> str:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        kept.mails.append(cast(EmailMessage, mail))
        kept.encrypted.append(isinstance(self.connection, ssl.SSLSocket))
        return "250 taken"

    def _rset(self, rest: str, kept: Mailed) -> str:
        return "250 ok"

    def _quit(self, rest: str, kept: Mailed) -> str:
        return "221 bye"

    def _unknown(self, rest: str, kept: Mailed) -> str:
        return "502 what"


class _QuietServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses our certificate is no fault."""


@contextmanager
def mail_server(**given: Any) -> Iterator[Mailed]:
    """A mail server while it is needed."""
    kept = Mailed(**given)
    with _QuietServer((HERE, 0), _Smtp) as server:
        cast(Any, server).kept = kept
        kept.port = server.server_address[1]
        with _running(server):
            yield kept


@dataclass
class Pushed:
    """What a receiver of webhooks got; ``answers`` are status and body of each, then 200."""

    answers: list[tuple[int, str]] = field(default_factory=list)
    otherwise: str = ""
    url: str = ""
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def told(self) -> list[Any]:
        """The bodies, read."""
        return [json.loads(body) for body in self.bodies]


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        kept: Pushed = cast(Any, self.server).kept
        kept.paths.append(self.path)
        kept.headers.append({name.lower(): value for name, value in self.headers.items()})
        kept.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        status, body = kept.answers.pop(0) if kept.answers else (200, kept.otherwise)
        self.send_response(status)
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Tests need no log."""


@contextmanager
def receiver(**given: Any) -> Iterator[Pushed]:
    """A receiver of webhooks while it is needed."""
    kept = Pushed(**given)
    with ThreadingHTTPServer((HERE, 0), _Hook) as server:
        cast(Any, server).kept = kept
        kept.url = f"http://{HERE}:{server.server_address[1]}/hook?key=GEHEIM"
        with _running(server):
            yield kept


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for this machine, and the file that makes a client trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
    day = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day - timedelta(days=1))
        .not_valid_after(day + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    trusted = folder / "trusted.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return context, trusted
