import assert from "node:assert/strict";
import { test } from "node:test";

import { citation } from "../src/copy.js";
import { begun } from "../src/turn.js";
import { outcome } from "../src/conversation.js";
import { dated } from "../src/letters.js";
import { langOf } from "../src/lang.js";
import type { Status } from "../src/wire.js";
import { words } from "../src/words.js";

test("a copied quote names organ, letter, number, date without its age, and its address", () => {
  const source = {
    letter_id: "a",
    name: "关于加装电梯的答复",
    issuer: "云岭市住建局",
    number: "云建办〔2024〕27号",
    date: "2024-06-28",
    dated: "2024年6月28日（2 年前）",
    graded: null,
    href: "/letters/a",
  };
  const quote = { text: "每台补贴20万元。", letter_id: "a", start: 1, end: 10 };
  const quoted = { rank: 1, quote, pieces: [], source, href: "", permalink: "", later: [] };
  assert.equal(
    citation(quoted, "https://kb.example/q"),
    [
      "“每台补贴20万元。”",
      "——云岭市住建局，《关于加装电梯的答复》（云建办〔2024〕27号），2024年6月28日",
      "https://kb.example/q",
    ].join("\n"),
  );
  const bare = { ...quoted, source: { ...source, issuer: null, number: null, dated: null } };
  assert.equal(citation(bare, "u"), "“每台补贴20万元。”\n——《关于加装电梯的答复》\nu");
});

test("dates are written out", () => {
  assert.equal(dated("2024-06-08"), "2024年6月8日");
  assert.equal(dated("2024"), "2024");
  assert.equal(dated(null), "");
});

test("the announcer has one line for every way a question ends", () => {
  const turn = begun("问", { id: 1, carry: true });
  assert.equal(outcome({ ...turn, state: "stopped" }).key, "stopped");
  const limited = { ...turn, trouble: { kind: "limited" as const, until: 1 } };
  assert.deepEqual(outcome(limited, 7), { key: "limited", n: 7 });
  const verdict = { question: "问", snapshot: "s", reason: null, nearest: [] };
  const ended = (status: Status) =>
    outcome({ ...turn, state: "done", verdict: { ...verdict, status, count: 3 } }).key;
  assert.deepEqual(
    (["answer", "refusal", "listing", "notice", "several"] as const).map(ended),
    ["done", "doneRefusal", "doneListing", "doneNotice", "doneSeveral"],
  );
});

test("words are filled in, in either language", () => {
  assert.equal(words("zh-CN")("hit", { n: 1, all: 3 }), "第 1 处，共 3 处");
  assert.equal(words("en")("hit", { n: 1, all: 3 }), "Place 1 of 3");
  assert.deepEqual(["en-GB", "zh", ""].map(langOf), ["en", "zh-CN", "zh-CN"]);
});
