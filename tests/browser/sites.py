"""The real server over the sample letters, and two sites of others: one that may embed, one not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

from kb.settings import Settings
from kb.store.open import open_store
from server.demo import seed
from tests.conftest import CORPUS, ROOT

HERE = Path(__file__).parent
LETTERS = (CORPUS / "letters", HERE / "letters")  # ours have characters beyond UTF-16's first plane
STAFF = ("测试员", "清淤九公里，装梯六十部，种树千棵")  # name and password of an admin
START = 600  # seconds; the machine may be busy
POLICY = "script-src {0}; connect-src {0}; style-src 'self'"

HOST_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>云岭市人民政府</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/host.css">
{script}
</head>
<body>
<header><a href="#main">云岭市人民政府</a></header>
<main id="main">
<h1>建议提案办理</h1>
<p>市政府各部门对人大代表建议、政协提案的答复，都在这里公开。<a href="#list">目录</a></p>
{frame}
<ul id="list"><li>教育</li><li>住房</li><li>交通</li><li>养老</li></ul>
</main>
</body>
</html>
"""
HOST_CSS = """
html { font-size: 62.5%; }
body { margin: 0; font: 1.6rem/1.8 serif; color: #222; background: #fff; }
header { padding: .8rem 1.6rem; background: #a01010; }
header a { display: inline-block; padding: .6rem 0; color: #fff; font-size: 2.2rem; }
main { padding: 0 1.6rem; max-width: 80rem; }
button, p, h2 { text-transform: uppercase; letter-spacing: .2em; color: #c00; margin: 5rem; }
main p, main h1 { text-transform: none; letter-spacing: 0; color: #222; margin: 1.6rem 0; }
iframe { width: 100%; height: 60rem; border: 1px solid #888; }
"""  # a page's careless rules for `button`, `p` and `h2` must not reach the widget


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """Origins: the service, a site on its allow-list, a site that is not."""

    fuwen: str
    allowed: str
    other: str


@contextmanager
def running(folder: Path, *, decided: bool = False, **settings: str) -> Iterator[Sites]:
    """All three, over letters that are indexed into ``folder``; ended on leaving.

    ``decided`` if staff have decided on the sample's commitments as the demonstration has it;
    ``settings`` are those of the service, in capitals without their KB_.
    """
    with ExitStack() as stack:
        allowed, allowed_host = stack.enter_context(_host())
        other, other_host = stack.enter_context(_host())
        data = _indexed(folder, decided=decided)
        fuwen = stack.enter_context(
            _served(data, settings | {"EMBED_ORIGINS": allowed}, log=folder / "server.log")
        )
        allowed_host.fuwen = other_host.fuwen = fuwen
        yield Sites(fuwen=fuwen, allowed=allowed, other=other)


class HostServer(ThreadingHTTPServer):
    """A small site of others; ``fuwen`` is the origin of what it embeds."""

    daemon_threads = True
    fuwen = ""


class _HostPages(BaseHTTPRequestHandler):
    """``/?lang=…&mode=…`` embeds with one tag and those attributes, ``/frame`` with an iframe."""

    server: HostServer

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/host.css":
            self._send("text/css", HOST_CSS)
            return
        given = dict(parse_qsl(asked.query))
        fuwen, lang = self.server.fuwen, given.pop("page", "zh-CN")
        told = "".join(f' data-{name}="{escape(value)}"' for name, value in given.items())
        script = f'<script src="{fuwen}/widget.js" defer{told}></script>'
        frame = f'<iframe src="{fuwen}/embed" title="问一问"></iframe>'
        framed = asked.path == "/frame"
        shown = {"script": "", "frame": frame} if framed else {"script": script, "frame": ""}
        self._send("text/html; charset=utf-8", HOST_PAGE.format(lang=lang, **shown))

    def _send(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY.format(self.server.fuwen))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: tests are quiet."""


@contextmanager
def _host(port: int = 0) -> Iterator[tuple[str, HostServer]]:
    with HostServer(("127.0.0.1", port), _HostPages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", server
        server.shutdown()


def _indexed(folder: Path, *, decided: bool) -> Path:
    data = folder / "data"
    _run(data, "indexer", "update", *map(str, LETTERS))
    if decided:
        settings = replace(Settings(), data=data)
        reader = open_store(settings).current()
        seed(settings, reader, CORPUS / "decisions.jsonl", now=datetime.now(UTC))
    _run(data, "server", "user", "add", STAFF[0], "--role", "admin", told=STAFF[1])
    _run(data, "server", "propose")
    return data


def _run(data: Path, *arguments: str, told: str = "") -> None:
    """Run one of our programs on ``data`` with a line on its standard input."""
    environment = {**os.environ, "PYTHONUTF8": "1", "KB_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        input=f"{told}\n".encode(),
        check=False,
    )
    assert not done.returncode, done.stderr.decode()


@contextmanager
def _served(data: Path, settings: Mapping[str, str], *, log: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "server", "--port", "0"]
    given = {"DATA": str(data), "RATE": "0", **settings}
    environment = {**os.environ, "PYTHONUTF8": "1"}
    environment |= {f"KB_{name}": value for name, value in given.items()}
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors
        ) as process,
    ):
        try:
            assert process.stdout
            said = process.stdout.readline().decode()
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, f"the server did not start: {log.read_text('utf-8')}"
            urlopen(f"{found.group()}/ask?q=a", timeout=START).close()  # it has its model then
            yield found.group()
        finally:
            process.terminate()
