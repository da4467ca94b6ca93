"""Two Ray nodes on the loopback: the same snapshot, also where one of them is killed in the middle.

``make test-ray`` runs these; Ray listens on every address that there is, so they are run only
where there is no other than the loopback.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="fuwen[ray] is not installed; make test-ray installs it")

from indexer.whole import indexed
from tests.support import ray_hosts
from tests.support.asking import letter_text
from tests.support.sharded import assert_same, base

pytestmark = pytest.mark.skipif(
    not ray_hosts.alone(), reason="only where there is no network but the loopback: make test-ray"
)
PATIENCE = 240.0  # seconds: a busy machine takes its time
LETTERS = 24


def until(there: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, what
        time.sleep(0.2)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(LETTERS):
        text = letter_text(f"云民函〔2024〕{number}号", proposal=f"1{number:02}")
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]], Path]]:
    """The address, both nodes, and the folder where each process that embeds leaves its number."""
    address, seen = "127.0.0.1:46379", tmp_path / "seen"
    seen.mkdir()
    short = Path("/tmp") / f"fuwen-ray-{tmp_path.stat().st_ino}"  # its sockets' paths are bounded
    head = ("--head", "--port=46379", "--include-dashboard=false", f"--temp-dir={short}")
    log = tmp_path / "head.log"
    with ray_hosts.node(*head, log=log, SLOW=str(seen)) as first:
        until(lambda: "Ray runtime started" in log.read_text("utf-8", "replace"), "no head")
        second_log = tmp_path / "second.log"
        with ray_hosts.node(f"--address={address}", log=second_log, SLOW=str(seen)) as second:
            until(lambda: "Ray runtime started" in second_log.read_text("utf-8", "replace"), "no")
            yield address, [first, second], seen
    subprocess.run(["rm", "-rf", str(short)], check=False)


@pytest.mark.parametrize("killed", [False, True])
def test_two_nodes_make_the_same_snapshot_even_if_one_is_killed(
    tmp_path: Path,
    inbox: Path,
    nodes: tuple[str, list[subprocess.Popen[bytes]], Path],
    killed: bool,
) -> None:
    address, hosts, seen = nodes
    said = tmp_path / "said"
    command = [sys.executable, "-m", "tests.support.ray_hosts", address]
    with said.open("w") as out:
        driver = subprocess.Popen(
            [*command, str(inbox), str(tmp_path / "b")],
            env=ray_hosts.environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:

        def both() -> bool:
            assert driver.poll() is None, said.read_text("utf-8")
            numbers = {int(path.name) for path in seen.iterdir()}
            return all(numbers & set(ray_hosts.descendants(host.pid)) for host in hosts)

        until(both, "both nodes embed")
        shards = tmp_path / "b" / "shards"
        before = {path.name: path.stat().st_mtime_ns for path in shards.glob("*-*.parquet")}
        if killed:
            ray_hosts.kill(hosts[1])
        again = lambda: {n for n in before if changed(shards / n, before[n])}  # noqa: E731
        remade: set[str] = set()

        def ended() -> bool:
            remade.update(again())
            return driver.poll() is not None

        until(ended, "the run ends")
    finally:
        driver.kill()
        driver.wait()
    text = said.read_text("utf-8")
    assert driver.returncode == 0, text
    assert f"done {LETTERS}" in text
    assert f"第二遍，算向量：{LETTERS}/{LETTERS} 片" in text
    assert not remade, "what was done stays done"
    plain = base(tmp_path / "a")
    indexed([inbox], plain)
    assert_same(plain, base(tmp_path / "b"))


def changed(path: Path, when: int) -> bool:
    try:
        return path.stat().st_mtime_ns != when
    except FileNotFoundError:  # published, and cleared away
        return False
