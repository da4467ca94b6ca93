import assert from "node:assert/strict";
import { test } from "node:test";

import { kept } from "../src/kept.js";

test("of a question that is too long the end is asked, counted in code points", () => {
  assert.equal(kept("  水渠什么时候修？ "), "水渠什么时候修？");
  assert.equal(kept("水".repeat(1000)), "水".repeat(1000));
  const story = "𠮷".repeat(995) + "什么时候修？";
  assert.equal(kept(story), "𠮷".repeat(994) + "什么时候修？");
});
