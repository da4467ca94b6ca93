"""nginx and Caddy in front, with the files of ``deploy/``: real ones, on loopback.

Behind them stands a program of this test that tells what came through; once, the server itself.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from getpass import getuser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
BACKEND = "127.0.0.1:8000"  # as the files have it
NAME = "fuwen.example.gov.cn"
PROGRAMS = "/usr/sbin:/usr/bin:/bin"
PATIENCE = 60  # seconds after which a test gives up; none is measured against it
CAP = 64  # requests at once from an address, nginx.conf says
NGINX = """
daemon off; user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/*hosts.conf; include {folder}/fuwen.conf;
}}
"""


@dataclass
class Behind:
    """What stands behind the proxy: the requests that came, and when the next event may go."""

    port: int
    came: list[tuple[str, dict[str, str], int]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind: Behind

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        if len(self.rfile.read(size)) < size:  # broken off
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.behind.came.append((self.path, headers, size))
        if self.path == "/api/ask/stream":
            self._stream()
        elif self.path == "/wait":
            self.behind.go_on.wait(PATIENCE)
            self._answer()
        else:
            self._answer()

    do_GET = do_POST

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("strict-transport-security", "max-age=1")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(b"data: one\n\n")
        self.behind.go_on.wait(PATIENCE)
        self.wfile.write(b"data: two\n\n")
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Nothing: pytest would show it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """A proxy that went away is no news."""


@pytest.fixture
def behind() -> Iterator[Behind]:
    """A program that tells what came through."""
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        handler.behind = told = Behind(server.server_port)  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield told
        told.go_on.set()
        server.shutdown()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for the name in the files, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-addext", f"subjectAltName=DNS:{NAME}"]
    command += ["-keyout", str(folder / "fuwen.key"), "-out", str(folder / "fuwen.pem")]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def swapped(text: str, **pairs: tuple[str, str]) -> str:
    """``text`` with each pair's first put for its second; every one has to be there."""
    for old, new in pairs.values():
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass
class Front:
    """A proxy that runs: its port for TLS, its folder, and a context that trusts it."""

    kind: str
    port: int
    folder: Path
    tls: ssl.SSLContext
    opened: list[http.client.HTTPSConnection | http.client.HTTPResponse] = field(
        default_factory=list
    )

    def connect(self, *, source: str = "127.0.0.2") -> http.client.HTTPSConnection:
        """A connection to it from an address of this machine that is not the proxy's."""
        raw = socket.create_connection(
            ("127.0.0.1", self.port), PATIENCE, source_address=(source, 0)
        )
        connection = http.client.HTTPSConnection(NAME, timeout=PATIENCE, context=self.tls)
        connection.sock = self.tls.wrap_socket(raw, server_hostname=NAME)
        self.opened.append(connection)
        return connection

    def ask(self, method: str, path: str, **given: Any) -> http.client.HTTPResponse:
        """The response to one request, its body not read."""
        connection = self.connect()
        connection.request(method, path, **given)
        return self.answer(connection)

    def answer(self, connection: http.client.HTTPSConnection) -> http.client.HTTPResponse:
        """The response that is due on ``connection``."""
        response = connection.getresponse()
        self.opened.append(response)
        return response


def configured(kind: str, folder: Path, tls: Path, *, port: int, backend: int | str) -> list[str]:
    """Write the proxy's file of ``deploy/`` for this machine; the command that starts it."""
    if kind == "nginx":
        text = swapped(
            (DEPLOY / "nginx" / "fuwen.conf").read_text(encoding="utf-8"),
            tls=("/etc/fuwen/tls", str(tls)),
            plain=(
                "    listen 80;\n    listen [::]:80;\n",
                f"    listen 127.0.0.1:{free_port()};\n",
            ),
            secure=(
                "    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n",
                f"    listen 127.0.0.1:{port} ssl http2;\n",
            ),
            log=("/var/log/nginx/fuwen.log", str(folder / "fuwen.log")),
            backend=(BACKEND, backend if isinstance(backend, str) else f"127.0.0.1:{backend}"),
        )
        (folder / "fuwen.conf").write_text(text, encoding="utf-8")
        (folder / "nginx.conf").write_text(
            NGINX.format(folder=folder, user=getuser()), encoding="utf-8"
        )
        return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    text = swapped(
        (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8"),
        tls=("/etc/fuwen/tls", str(tls)),
        address=(f"{NAME} {{", f"{NAME}:{port} {{\n\tbind 127.0.0.1"),
        plain=("\tadmin off\n", f"\tadmin off\n\thttp_port {free_port()}\n\thttps_port {port}\n"),
        backend=(BACKEND, f"127.0.0.1:{backend}"),
    )
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(params=["nginx", "caddy"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which proxy; skipped where it is not installed."""
    name: str = request.param
    if shutil.which(name, path=PROGRAMS) is None:
        pytest.skip(f"{name} is not installed: apt-get install nginx-light caddy")
    return name


def started(kind: str, folder: Path, tls: Path, *, backend: int | str) -> Iterator[Front]:
    """A proxy in front of ``backend``, a port or a name in its file, ended afterwards."""
    port = free_port()
    command = configured(kind, folder, tls, port=port, backend=backend)
    context = ssl.create_default_context(cafile=str(tls / "fuwen.pem"))
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            env={"PATH": PROGRAMS, "HOME": str(folder)},
        )
    try:
        _wait_for(port, process, folder / "said")
        front = Front(kind, port, folder, context)
        yield front
        for one in front.opened:
            one.close()
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes], said: Path) -> None:
    for _ in range(PATIENCE * 10):
        assert process.poll() is None, said.read_text(encoding="utf-8")
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the proxy does not listen")


@pytest.fixture
def front(kind: str, tmp_path: Path, certificate: Path, behind: Behind) -> Iterator[Front]:
    """A proxy in front of ``behind``."""
    yield from started(kind, tmp_path, certificate, backend=behind.port)


def test_who_asks_and_how_is_told_to_the_server(front: Front, behind: Behind) -> None:
    response = front.ask("GET", "/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert response.status == 200
    ((_, headers, _),) = behind.came
    assert headers["x-forwarded-for"].split(", ")[-1] == "127.0.0.2"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"].split(":")[0] == NAME


def test_the_browser_is_told_once_to_come_over_tls(front: Front) -> None:
    for method, path, body in (("GET", "/", b""), ("POST", "/api/ask", b"x" * 65537)):
        response = front.ask(method, path, body=body)
        strict = response.headers.get_all("strict-transport-security")
        assert strict == ["max-age=31536000"], (path, response.status)


def test_an_event_arrives_before_the_next_is_sent(front: Front, behind: Behind) -> None:
    response = front.ask("POST", "/api/ask/stream", body=b"{}")
    assert response.readline() + response.readline() == b"data: one\n\n"
    behind.go_on.set()
    assert response.read() == b"data: two\n\n"


def test_a_body_as_large_as_a_setting_allows_comes_through_and_no_larger(
    front: Front, behind: Behind
) -> None:
    assert front.ask("POST", "/api/ask", body=b"x" * 65536).status == 200
    refused = 413 if front.kind == "nginx" else 502  # Caddy notices while it sends
    assert front.ask("POST", "/api/ask", body=b"x" * 65537).status == refused
    assert front.ask("POST", "/v1/chat/completions", body=b"x" * 2**20).status == 200
    assert front.ask("POST", "/v1/chat/completions", body=b"x" * (2**20 + 1)).status == refused
    assert [size for _, _, size in behind.came] == [65536, 2**20]


@pytest.mark.parametrize(
    "path",
    ["uploads", "before", "before.docx", "import", "import/confirm", "commitments/7/attachments"],
)
def test_a_form_with_a_file_comes_through(front: Front, behind: Behind, path: str) -> None:
    query = f"/staff/{path}?form_token=x"
    assert front.ask("POST", query, body=b"x" * 300_000).status == 200
    assert [(came, size) for came, _, size in behind.came] == [(query, 300_000)]


def test_old_tls_is_refused(front: Front) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", front.port), PATIENCE) as raw,
        pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"),
    ):
        old.wrap_socket(raw, server_hostname=NAME)


def test_a_client_that_stops_in_the_middle_is_let_go(front: Front, behind: Behind) -> None:
    connection = front.connect()
    connection.sock.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode())
    assert b" 200 " not in connection.sock.recv(1000), "closed, or 408"
    assert not behind.came


def test_metrics_are_not_for_the_public(front: Front, behind: Behind) -> None:
    assert front.ask("GET", "/metrics").status == 404
    assert not behind.came


def test_nginx_caps_the_requests_of_one_address(
    kind: str, tmp_path: Path, certificate: Path, behind: Behind
) -> None:
    if kind != "nginx":
        pytest.skip("Caddy has no such cap; its file says so")
    for front in started(kind, tmp_path, certificate, backend=behind.port):
        waiting = [front.connect() for _ in range(CAP)]
        for connection in waiting:
            connection.request("GET", "/wait")
        while len(behind.came) < CAP:
            time.sleep(0.05)
        assert front.ask("GET", "/").status == 429
        other = front.connect(source="127.0.0.3")
        other.request("GET", "/")
        assert front.answer(other).status == 200, "another address is not held up"
        behind.go_on.set()
        assert {front.answer(connection).status for connection in waiting} == {200}


def test_nginx_logs_neither_questions_nor_addresses(
    kind: str, tmp_path: Path, certificate: Path, behind: Behind
) -> None:
    if kind != "nginx":
        pytest.skip("Caddy's file has no access log")
    for front in started(kind, tmp_path, certificate, backend=behind.port):
        front.ask("GET", "/ask?q=private").read()
        front.ask("GET", "/calendar/key.ics").read()
    log = (tmp_path / "fuwen.log").read_text(encoding="utf-8")
    assert " 200 GET /ask " in log
    assert not any(word in log for word in ("private", "key.ics", "127.0.0.2"))


def test_the_server_itself_answers_behind_it(
    kind: str, tmp_path: Path, certificate: Path, address: str
) -> None:
    backend = urlsplit(address).port
    assert backend
    question = '{"question": "龙泉镇公交化改造什么时候完成"}'.encode()
    kinds = {"content-type": "application/json"}
    for front in started(kind, tmp_path, certificate, backend=backend):
        response = front.ask("POST", "/api/ask/stream", body=question, headers=kinds)
        assert response.status == 200
        assert "event: done" in response.read().decode()
