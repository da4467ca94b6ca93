import assert from "node:assert/strict";
import { test } from "node:test";

import { Conversation, type Stage } from "../src/conversation.js";
import type { StreamEvent, Verdict } from "../src/wire.js";

const VERDICT: Verdict = {
  status: "notice", question: "问", snapshot: "s", reason: null, nearest: [], text: "您好",
};

/** A stage whose server says the verdict, and the rest when it is let. */
function staged(rest: () => Promise<StreamEvent[]>) {
  const done: string[] = [];
  const nothing = async (): Promise<void> => undefined;
  const stage = {
    say: (key: string) => key,
    scope: {},
    announce: (text: string) => void done.push(text),
    changed: () => undefined,
    asked: nothing,
    settled: async () => void done.push("settled"),
    server: {
      async *events(): AsyncGenerator<StreamEvent> {
        yield { event: "verdict", data: VERDICT };
        yield* await rest();
      },
    },
  };
  return { done, conversation: new Conversation(stage as unknown as Stage, []) };
}

test("an answer is settled while more may still be said of it", async () => {
  let go = (_: StreamEvent[]): void => undefined;
  const { done, conversation } = staged(() => new Promise((given) => (go = given)));
  const asking = conversation.ask("问");
  await new Promise((then) => setTimeout(then, 20));
  assert.deepEqual(done, ["searching", "doneNotice", "settled"]);
  assert.equal(conversation.waiting, false);
  const wording = { note: "", parts: [] };
  go([{ event: "done", data: { seconds: 1, events: 2, wording } }]);
  await asking;
  assert.deepEqual(conversation.turns[0]?.wording, wording);
  assert.equal(done.length, 3);
});

test("what fails after the verdict takes no answer away", async () => {
  const { conversation } = staged(() => Promise.reject(new Error("gone")));
  await conversation.ask("问");
  assert.deepEqual([conversation.turns[0]?.state, conversation.turns[0]?.trouble], ["done", null]);
});

test("a conversation that was cleared meanwhile stays cleared", async () => {
  let go = (_: StreamEvent[]): void => undefined;
  const { conversation } = staged(() => new Promise((given) => (go = given)));
  const asking = conversation.ask("问");
  await new Promise((then) => setTimeout(then, 20));
  conversation.clear();
  go([{ event: "done", data: { seconds: 1, events: 2 } }]);
  await asking;
  assert.deepEqual(conversation.turns, []);
});
