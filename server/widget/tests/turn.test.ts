import assert from "node:assert/strict";
import { test } from "node:test";

import {
  after, before, begun, leadOf, question, quotesOf, troubleOf, type Turn,
} from "../src/turn.js";
import type { Quoted, Source, StreamEvent, Verdict, Wording } from "../src/wire.js";

const SOURCE: Source = {
  letter_id: "a",
  name: "关于加装电梯的答复",
  issuer: "云岭市住房和城乡建设局",
  number: "云建办〔2024〕27号",
  date: "2024-06-28",
  dated: "2024年6月28日（2 年前）",
  graded: "A 已解决或基本解决",
  href: "/letters/a",
};

function quoted(pieces: [string, boolean][]): Quoted {
  return {
    rank: 1,
    quote: { text: "每台补贴20万元。", letter_id: "a", start: 10, end: 19 },
    pieces: pieces.map(([text, exact]) => ({ text, exact })),
    source: SOURCE,
    href: "/letters/a?start=10&end=19#quote",
    permalink: "/quotes/a/10-19/0123456789abcdef",
    later: [],
  };
}

function verdict(asked: string): Verdict {
  return { status: "answer", question: asked, snapshot: "s1", reason: null, nearest: [] };
}

const TURN = begun("补贴多少？", { id: 1, carry: true });

function told(events: StreamEvent[], turn: Turn = TURN): Turn {
  return events.reduce((next, event) => after(next, event, 0), turn);
}

test("events lead from waiting over sources and quotes to done", () => {
  const sources: StreamEvent = { event: "sources", data: { letters: [SOURCE] } };
  const first = told([sources, { event: "quote", data: quoted([["每台补贴20万元。", true]]) }]);
  assert.equal(first.state, "waiting");
  assert.equal(first.letters?.length, 1);
  const last = told([{ event: "verdict", data: verdict("补贴多少？") }], first);
  assert.equal(last.state, "done");
  assert.equal(last.quotes.length, 1);
});

test("pieces that do not join to the quote are not shown in its place", () => {
  const wrong = quoted([
    ["每台补贴", false],
    ["30万元。", true],
  ]);
  const turn = told([{ event: "quote", data: wrong }]);
  assert.deepEqual(turn.quotes[0]?.pieces, [{ text: "每台补贴20万元。", exact: true }]);
});

test("a quote without exact pieces is emphasised as a whole", () => {
  const turn = told([{ event: "quote", data: quoted([["每台补贴20万元。", false]]) }]);
  assert.deepEqual(turn.quotes[0]?.pieces, [{ text: "每台补贴20万元。", exact: true }]);
});

test("a limit says until when, other problems say why", () => {
  const limited = (until: number) => ({ kind: "limited", until });
  assert.deepEqual(troubleOf({ status: 429, retry_after: 20 }, 1000), limited(21000));
  assert.deepEqual(troubleOf({ status: 429 }, 0), limited(30000));
  const turn = told([{ event: "error", data: { status: 503, detail: "正在换库" } }]);
  assert.deepEqual([turn.state, turn.trouble], ["failed", { kind: "error", detail: "正在换库" }]);
});

test("a follow-up is given the last five settled questions as they were resolved", () => {
  const turns = [1, 2, 3, 4, 5, 6, 7].map((id) => {
    const turn = begun(`那${id}呢？`, { id, carry: true });
    return id === 7 ? turn : told([{ event: "verdict", data: verdict(`全问题${id}`) }], turn);
  });
  assert.deepEqual(before(turns), ["全问题2", "全问题3", "全问题4", "全问题5", "全问题6"]);
});

test("the question is the one as resolved, else the server's, else the one as asked", () => {
  const turn = begun("那2025年呢？", { id: 1, carry: true });
  assert.equal(question(turn), "那2025年呢？");
  const resolved = { question: "加装电梯 2025年", carried: [] };
  const met = told([{ event: "meta", data: { snapshot: "s", question: "q", resolved } }], turn);
  assert.equal(question(met), "加装电梯 2025年");
  const verdicts: StreamEvent[] = [{ event: "verdict", data: verdict("定了的") }];
  assert.equal(question(told(verdicts, met)), "加装电梯 2025年");
  assert.equal(question(told(verdicts, turn)), "定了的");
  const other = { question: "那2025年呢？", carried: [] };
  const read: StreamEvent = { event: "verdict", data: { ...verdict("定了的"), resolved: other } };
  assert.equal(question(told([read], met)), "那2025年呢？");
  const alone: StreamEvent = { event: "verdict", data: { ...verdict("定了的"), resolved: null } };
  assert.equal(told([alone], met).resolved, null);
});

test("the quotes of a part are its own; without a number they are of the first", () => {
  const one = quoted([["每台补贴20万元。", true]]);
  const told0: StreamEvent = { event: "quote", data: one };
  const told1: StreamEvent = { event: "quote", data: { ...one, part: 1 } };
  const turn = told([told0, told1, told1]);
  assert.deepEqual([0, 1, 2].map((part) => quotesOf(turn, part).length), [1, 2, 0]);
});

test("a lead is a fixed word, or words at their place in the first quote, else none", () => {
  const quotes = [quoted([["每台补贴20万元。", true]])];
  const lead = (text: string, start: number | null, end: number | null) =>
    leadOf({ ...verdict("问"), lead: { text, start, end } }, quotes)?.text;
  assert.equal(lead("还没有", null, null), "还没有");
  assert.equal(lead("20万元", 14, 18), "20万元");
  assert.equal(lead("30万元", 14, 18), undefined);
  assert.equal(lead("20万元", 4, 8), undefined);
  assert.equal(leadOf({ ...verdict("问"), lead: { text: "是", start: null, end: null } }, []), null);
  assert.equal(leadOf(verdict("问"), quotes), null);
});

test("small talk is nothing that a follow-up builds upon, a choice is", () => {
  const notice = (asked: string, options: string[]): StreamEvent => ({
    event: "verdict",
    data: { ...verdict(asked), status: "notice", options },
  });
  const turns = [told([notice("你好", [])]), told([notice("电梯", ["电梯补贴多少钱？"])])];
  assert.deepEqual(before(turns), ["电梯"]);
});

test("a wording is shown only if each of its quotes stands in one that is shown", () => {
  const quote: StreamEvent = { event: "quote", data: quoted([["每台补贴20万元。", true]]) };
  const said = (text: string, start: number, letter_id = "a"): Turn => {
    const wording: Wording = {
      note: "连接的话由语言模型写",
      parts: [
        { kind: "words", text: "答复中写道：" },
        { kind: "quote", quote: { text, letter_id, start, end: start + text.length } },
      ],
    };
    return told([quote, { event: "done", data: { seconds: 1, events: 4, wording } }]);
  };
  assert.equal(said("每台补贴20万元。", 10).wording?.parts.length, 2);
  assert.equal(said("补贴20万元。", 12).wording?.parts.length, 2);
  assert.equal(said("每台补贴30万元。", 10).wording, null);
  assert.equal(said("每台补贴20万元。", 11).wording, null);
  assert.equal(said("每台补贴20万元。", 10, "b").wording, null);
  assert.equal(told([quote, { event: "done", data: { seconds: 1, events: 3 } }]).wording, null);
});
