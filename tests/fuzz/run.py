"""Fuzz one reader for so many minutes: ``python -m tests.fuzz.run TARGET --minutes 10``.

By atheris, which is led by what code it reaches (``pip install "fuwen[fuzz]"``), or, where that
is not installed or with ``--blind``, at random from the same changes. What fails is written to
``build/fuzz/TARGET``; give such a file as ``--again`` to try it once more. Input that costs a
second and more for each 20 kB is a failure too.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random

FOLDER = Path("build/fuzz")
SLOW, RATE = 2.0, 20_000  # seconds that any input may take, and bytes a second beyond


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0, help="of the changes at random")
    parser.add_argument("--blind", action="store_true", help="without atheris")
    parser.add_argument("--again", type=Path, help="a file to try once")
    given = parser.parse_args()
    seconds = int(60 * given.minutes)
    if given.again:
        return _again(given.target, given.again)
    if not given.blind:
        try:
            import atheris  # noqa: F401
        except ImportError:
            sys.stdout.write('no atheris (pip install "fuwen[fuzz]"): at random instead\n')
        else:
            return _led(given.target, seconds)
    return _blind(given.target, seconds, given.seed)


def _again(name: str, path: Path) -> int:
    from tests.fuzz.targets import TARGETS

    began = time.process_time()
    letters = TARGETS[name].run(path.read_bytes())
    took = time.process_time() - began
    sys.stdout.write(f"{letters} letters, {took:.2f} s\n")
    return 1 if took > allowed(path.stat().st_size) else 0


def allowed(size: int) -> float:
    """Seconds that an input of ``size`` bytes may take."""
    return SLOW + size / RATE


def _blind(name: str, seconds: int, seed: int) -> int:
    """Any files one after the other; stops at the first that fails."""
    from tests.fuzz.targets import TARGETS

    target, end, tries, letters = TARGETS[name], time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        content = target.any(Random(f"{seed}-{tries}"))
        tries += 1
        began = time.process_time()
        try:
            letters += target.run(content)
            took = time.process_time() - began
            assert took < allowed(len(content)), f"{took:.1f} s for {len(content)} bytes"
        except Exception:
            path = FOLDER / name / f"crash-{seed}-{tries}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            sys.stdout.write(f"{name}: fails after {tries} tries, see {path}\n")
            raise
    sys.stdout.write(f"{name}: nothing in {tries} tries, {letters} letters\n")
    return 0


def _led(name: str, seconds: int) -> int:
    """By atheris; does not come back."""
    import atheris

    with atheris.instrument_imports(include=["indexer", "kb.text", "kb.privacy", "kb.extract"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus, found = FOLDER / name / "corpus", FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(target.goods()):
        (corpus / f"good-{number}").write_bytes(content)
    for number in range(20):
        (corpus / f"made-{number}").write_bytes(target.making(Random(number)))

    def once(content: bytes) -> None:
        began = time.process_time()
        target.run(content)
        took = time.process_time() - began
        assert took < 3 * allowed(len(content)), f"{took:.1f} s for {len(content)} bytes"

    def change(content: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if not target.packed and chance.random() < 0.4:
            return bytes(atheris.Mutate(content, most))
        return target.bent(content, chance)[:most]

    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_total_time={seconds}", f"-artifact_prefix={found}/",
         "-timeout=60", "-rss_limit_mb=3000", "-max_len=200000", "-print_final_stats=1",
         "-close_fd_mask=0", "-verbosity=1"],
        once,
        custom_mutator=change,
    )  # fmt: skip
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
