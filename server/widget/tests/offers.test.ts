import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as passed } from "node:timers/promises";

import { Offers, worth } from "../src/offers.js";

function offers(found: Record<string, string[]>, asked: string[] = []) {
  let changes = 0;
  const find = (typed: string): Promise<string[]> => {
    asked.push(typed);
    return typed in found ? Promise.resolve(found[typed] ?? []) : Promise.reject(new Error("down"));
  };
  return { made: new Offers(find, () => void changes++, 0), asked, changes: () => changes };
}

test("only words worth it are sent: two code points, no story, no number of somebody", () => {
  assert.deepEqual(["", "电", "𠮷"].map(worth), [false, false, false]);
  assert.deepEqual(["电梯", "𠮷野", "2024年电梯"].map(worth), [true, true, true]);
  const not = ["水".repeat(41), "电梯\n补贴", "130129", "手机１３８００１", "我的 13800138000"];
  assert.deepEqual(not.map(worth), not.map(() => false));
});

test("what was typed last is looked for, once, after a pause", async () => {
  const { made, asked } = offers({ 电梯补: ["电梯补贴多少钱？"] });
  for (const text of ["电梯", "电梯补"]) made.follow(text);
  await passed(5);
  assert.deepEqual(asked, ["电梯补"]);
  assert.deepEqual(made.items, ["电梯补贴多少钱？"]);
});

test("an answer that comes too late, or after the list was closed, is not shown", async () => {
  let answer: (found: string[]) => void = () => undefined;
  const waits = new Promise<string[]>((resolve) => (answer = resolve));
  const made = new Offers(() => waits, () => undefined, 0);
  made.follow("电梯");
  await passed(5);
  made.close();
  answer(["电梯补贴多少钱？"]);
  await passed(5);
  assert.deepEqual(made.items, []);
});

test("a server that fails offers nothing, and what is typed already is not offered", async () => {
  const { made } = offers({ 电梯补贴: ["电梯补贴", "电梯补贴多少钱？"] });
  made.follow("水渠");
  await passed(5);
  assert.deepEqual(made.items, []);
  made.follow("电梯补贴");
  await passed(5);
  assert.deepEqual(made.items, ["电梯补贴多少钱？"]);
});

test("arrows go through the list and past its ends to nothing chosen", async () => {
  const { made } = offers({ 电梯: ["一？", "二？"] });
  made.follow("电梯");
  await passed(5);
  const seen = [1, 1, 1, 1].map(() => {
    made.move(1);
    return made.chosen;
  });
  assert.deepEqual(seen, ["一？", "二？", undefined, "一？"]);
  made.move(-1);
  made.move(-1);
  assert.equal(made.chosen, "二？");
});

test("closing tells whether there was a list, and typing on forgets the choice", async () => {
  const { made } = offers({ 电梯: ["一？"], 电梯补: ["一？"] });
  assert.equal(made.close(), false);
  made.follow("电梯");
  await passed(5);
  made.move(1);
  made.follow("电梯补");
  assert.equal(made.chosen, undefined);
  await passed(5);
  assert.equal(made.close(), true);
  assert.deepEqual(made.items, []);
});
