import assert from "node:assert/strict";
import { test } from "node:test";

import { length, paragraphs, slice } from "../src/points.js";

const TEXT = "𠮷林路\n加装𫠆电梯补贴20万元。\n\n特此函复";

test("offsets count code points, not UTF-16 units", () => {
  assert.equal(length("𠮷𫠆路"), 3);
  assert.equal(slice(TEXT, 4, 9), "加装𫠆电梯");
  assert.equal(slice(TEXT, 0, length(TEXT)), TEXT);
});

test("the paragraphs and their stretches join to the text again", () => {
  const spans = [
    { start: 1, end: 6 },
    { start: 9, end: 12 },
  ];
  const joined = paragraphs(TEXT, spans)
    .map(({ stretches }) => stretches.map(({ text }) => text).join(""))
    .join("\n");
  assert.equal(joined, TEXT);
});

test("exactly the spans are marked, whatever stands before them", () => {
  const spans = [
    { start: 9, end: 14 },
    { start: 0, end: 2 },
  ];
  const marked = (wanted: number): string =>
    paragraphs(TEXT, spans)
      .flatMap(({ stretches }) => stretches)
      .filter(({ mark }) => mark === wanted)
      .map(({ text }) => text)
      .join("");
  assert.equal(marked(0), slice(TEXT, 9, 14));
  assert.equal(marked(1), "𠮷林");
});

test("a span over several lines is marked in each, and the first of two that overlap wins", () => {
  const over = paragraphs(TEXT, [{ start: 2, end: 6 }]);
  assert.deepEqual(
    over.map(({ stretches }) => stretches.map(({ mark }) => mark)),
    [[null, 0], [0, null], [], [null]],
  );
  const both = paragraphs("一二三四", [
    { start: 1, end: 3 },
    { start: 0, end: 4 },
  ]);
  assert.deepEqual(both[0]?.stretches, [
    { text: "一", mark: 1 },
    { text: "二三", mark: 0 },
    { text: "四", mark: 1 },
  ]);
});

test("a paragraph knows where it stands in the text", () => {
  for (const { start, end, stretches } of paragraphs(TEXT, []))
    assert.equal(slice(TEXT, start, end), stretches.map(({ text }) => text).join(""));
});
