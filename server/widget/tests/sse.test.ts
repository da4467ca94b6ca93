import assert from "node:assert/strict";
import { test } from "node:test";

import { type Message, MessageReader } from "../src/sse.js";

const SENT = [
  ": 在\n\n",
  'id: 0\nevent: meta\ndata: {"question":"𠮷地加装电梯"}\n\n',
  "id: 1\r\nevent: sources\r\ndata: 甲\r\ndata: 乙\r\n\r\n",
  "id:2\revent:quote\rdata:丙\r\r",
  "event: nothing\n\n",
  "data\n\n",
].join("");
const READ: Message[] = [
  { id: "0", event: "meta", data: '{"question":"𠮷地加装电梯"}' },
  { id: "1", event: "sources", data: "甲\n乙" },
  { id: "2", event: "quote", data: "丙" },
  { id: "2", event: "message", data: "" },
];

function read(pieces: Uint8Array[]): Message[] {
  const reader = new MessageReader();
  return pieces.flatMap((piece) => reader.push(piece));
}

test("comments and events without data say nothing, all line ends count", () => {
  assert.deepEqual(read([new TextEncoder().encode(SENT)]), READ);
});

test("cutting the bytes anywhere changes nothing", () => {
  const bytes = new TextEncoder().encode(SENT);
  for (let cut = 0; cut <= bytes.length; cut++)
    assert.deepEqual(read([bytes.slice(0, cut), bytes.slice(cut)]), READ, `cut at ${cut}`);
});

test("bytes that come one at a time give the same messages", () => {
  const bytes = [...new TextEncoder().encode(SENT)];
  assert.deepEqual(read(bytes.map((byte) => Uint8Array.of(byte))), READ);
});

test("an event that was not ended is not given", () => {
  assert.deepEqual(read([new TextEncoder().encode("event: quote\ndata: 半")]), []);
});
