import assert from "node:assert/strict";
import { test } from "node:test";

import { dayTold, refusalTold, stateTold, told } from "../src/english.js";
import { tongue } from "../src/lang.js";

test("a page in English says the server's fixed sentences in English, a Chinese one as they are", () => {
  const english = { text: "“今年” in the letter means 2024", lang: "en" };
  assert.deepEqual(told("原文的“今年”指 2024 年", "en"), english);
  assert.deepEqual(told("还没有", "en"), { text: "Not yet", lang: "en" });
  assert.deepEqual(told("还没有", "zh-CN"), { text: "还没有", lang: "zh-CN" });
});

test("of a sentence that is known by its beginning no Chinese is left", () => {
  for (const sentence of [
    "连接的话由语言模型写，不是原文；引用的逐字取自原文",
    "以上状态是本单位自己的记录",
    "会办意见，不是主办单位的正式答复",
    "这一段由扫描件识别，可能有错字，请对照原件",
  ])
    assert.doesNotMatch(told(sentence, "en").text, /[\u3000-\u9fff]/);
});

test("what is not known stays Chinese and is said to be", () => {
  assert.deepEqual(told("新的一句", "en"), { text: "新的一句", lang: "zh-CN" });
  assert.deepEqual(refusalTold("new_code", "新的原因", "en"), { text: "新的原因", lang: "zh-CN" });
  assert.deepEqual(stateTold("new", "新状态", "en"), { text: "新状态", lang: "zh-CN" });
  assert.equal(refusalTold("not_sure", "没有", "en").lang, "en");
  assert.equal(stateTold("done", "已办结", "en").text, "Done");
});

test("days are English days, and what is no day is left", () => {
  assert.deepEqual(dayTold("2024-06-08", "2024年6月8日", "en"), { text: "8 June 2024", lang: "en" });
  assert.equal(dayTold("2024-06-08", "2024年6月8日", "zh-CN").text, "2024年6月8日");
  assert.deepEqual(dayTold("2024", "2024年", "en"), { text: "2024年", lang: "zh-CN" });
  assert.deepEqual(dayTold(null, null, "en"), { text: "", lang: "zh-CN" });
});

test("words are told by their characters", () => {
  assert.deepEqual(["电梯 lift", "lift", "𠮷野"].map(tongue), ["zh-CN", "en", "zh-CN"]);
});
