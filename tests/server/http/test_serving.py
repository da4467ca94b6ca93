"""A server that is told to end is soon gone, whatever hangs in it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PROGRAM = """
import asyncio, socket, time
from server.http.serving import Server

def hang():
    print("hangs", flush=True)
    time.sleep(600)

async def thread(scope, receive, send):
    await asyncio.get_running_loop().run_in_executor(None, hang)

async def stubborn(scope, receive, send):
    while True:
        try:
            hang_on = asyncio.sleep(600)
            print("hangs", flush=True)
            await hang_on
        except asyncio.CancelledError:
            pass

async def busy(scope, receive, send):
    hang()

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await {"/thread": thread, "/stubborn": stubborn, "/busy": busy}[scope["path"]](
        scope, receive, send
    )

serving = Server.of(app)
listener = serving.listener(socket.create_server(("127.0.0.1", 0)))
print(listener.getsockname()[1], flush=True)
serving.run(sockets=[listener])
"""


@pytest.mark.parametrize("what", ["thread", "stubborn", "busy"])
def test_whatever_hangs_it_ends(what: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            port = int(process.stdout.readline())
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % what.encode())
                assert process.stdout.readline() == "hangs\n"
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=240)
        finally:
            process.kill()
