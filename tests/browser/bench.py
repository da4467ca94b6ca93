"""How soon a citizen sees something: ``python -m tests.browser.bench`` (no test).

Asks questions of the corpus one after the other in the widget on another site's page, and prints
when the first event of the stream is there and when the whole answer is drawn, in milliseconds
from the press of Enter. Only a quiet machine gives figures that are worth keeping.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.browser.citizen import Citizen
from tests.browser.conftest import opened
from tests.browser.screens import WIDE
from tests.browser.sites import Sites, running
from tests.conftest import corpus_rows

TARGETS = {"first event": 150, "whole answer": 400}  # median, milliseconds
TIMES = """
async (question) => {
  const panel = document.querySelector("fuwen-ask").shadowRoot.querySelector("fuwen-panel");
  const box = panel.shadowRoot.querySelector("#question");
  const plain = window.fetch;
  let first = NaN;
  window.fetch = async (...asked) => {
    const response = await plain(...asked);
    if (!String(asked[0]).endsWith("/api/ask/stream")) return response;
    const [ours, theirs] = response.body.tee();
    ours.getReader().read().then(() => (first = performance.now()));
    return new Response(theirs, { status: response.status, headers: response.headers });
  };
  box.value = question;
  const began = performance.now();
  box.form.requestSubmit();
  await new Promise((done) => {
    const looked = () => {
      const turn = [...panel.shadowRoot.querySelectorAll(".turn")].at(-1);
      if (turn?.querySelector(".verdict")) requestAnimationFrame(() => setTimeout(done));
      else requestAnimationFrame(looked);
    };
    setTimeout(looked);
  });
  const told = [first - began, performance.now() - began];
  window.fetch = plain;
  return told;
}
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.bench", description=__doc__)
    parser.add_argument("--questions", type=int, default=40)
    asked = parser.parse_args()
    questions = [row["question"] for row in corpus_rows("questions.jsonl")][: asked.questions]
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as sites,
        sync_playwright() as playwright,
    ):
        browser = opened(playwright)
        _print(_times(browser, sites, questions))
        browser.close()
    return 0


def _times(browser: Browser, sites: Sites, questions: Sequence[str]) -> list[list[float]]:
    citizen = Citizen(browser, sites, viewport=WIDE)
    citizen.visits()
    citizen.opens()
    citizen.asks("热身：加装电梯补贴多少？")  # loads the model
    times = []
    for question in questions:
        citizen.page.evaluate("sessionStorage.clear()")
        times.append(citizen.page.evaluate(TIMES, question))
    citizen.leaves()
    return times


def _print(times: Sequence[Sequence[float]]) -> None:
    print(f"{len(times)} questions          median     p95   target (median)")
    for at, (name, target) in enumerate(TARGETS.items()):
        middle, high = np.percentile([one[at] for one in times], [50, 95])
        print(f"{name:<22} {middle:>7.0f} {high:>7.0f}   {target} ms")


if __name__ == "__main__":
    raise SystemExit(main())
