import assert from "node:assert/strict";
import { test } from "node:test";

import { found, type Kind, without } from "../src/personal.js";

// Numbers made up for this test; their check digits hold.
const HELD: [string, Kind][] = [
  ["我的电话是13800138000，电梯补贴多少？", "mobile"],
  ["打138-0013-8000", "mobile"],
  ["打 +86 138 0013 8000", "mobile"],
  ["打１３８００１３８０００", "mobile"],
  ["身份证11010519491231002X能办吗", "id"],
  ["身份证11010519491231002x能办吗", "id"],
  ["老身份证110105491231002", "id"],
  ["卡号4111 1111 1111 1111", "card"],
  ["卡号6222021234567890128", "card"],
];
const FREE = [
  "加装电梯补贴多少钱？",
  "焦建办〔2024〕32号说了什么",
  "对市政协十五届二次会议第1520135号提案的答复",
  "2024年6月28日前完成投资123456789元",
  "办公电话0391-2118114",
  "身份证110105194912310021能办吗",
  "卡号4111111111111112",
  "订单138001380001",
];

for (const [text, kind] of HELD)
  test(`${kind} is found in ${text}`, () => {
    assert.deepEqual(
      found(text).map((one) => one.kind),
      [kind],
    );
    assert.deepEqual(found(without(text)), []);
  });

for (const text of FREE)
  test(`nothing personal is found in ${text}`, () => {
    assert.deepEqual(found(text), []);
    assert.equal(without(text), text);
  });

test("only what was found is taken away", () => {
  const kept = "我的电话是，𠮷林路电梯补贴多少？";
  assert.equal(without("我的电话是13800138000，𠮷林路电梯补贴多少？"), kept);
});
