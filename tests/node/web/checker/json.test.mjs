// JSON is read in one way only, and no name of a member means anything to the language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Num, atPointer, canonicalJson, indentedJson, parseJson } from "../../../../node/web/checker/json.js";
import { Refused } from "../../../../node/web/checker/refused.js";

const read = (text) => parseJson(new TextEncoder().encode(text), "here");

for (const text of ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', "[1,]", "{,}", "[01]", "[+1]", "[.5]", "[1.]", "[NaN]", '["\\ud800"]', '["\t"]', '["\\x"]', "{}{}", "", "tru", "'a'", "[1 2]", '{"a" 1}', "\ufeff{}", "[".repeat(200)]) {
  test(`no JSON, or not in one reading: ${JSON.stringify(text.slice(0, 20))}`, () => assert.throws(() => read(text), Refused));
}

test("bytes that are no UTF-8 are refused", () => {
  assert.throws(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), "here"), Refused);
});

test("numbers keep every digit, and a member called __proto__ is a member", () => {
  const value = read('{"__proto__": {"x": 1}, "n": 12345678901234567890.10}');
  assert.equal(value.get("n").text, "12345678901234567890.10");
  assert.equal({}.x, undefined);
  assert.ok(atPointer(value, "/__proto__/x") instanceof Num);
});

test("what is written again is what was read", () => {
  const indented = '{\n  "b": [\n    1.50,\n    "é\u2028"\n  ],\n  "a": {},\n  "c": []\n}';
  assert.equal(indentedJson(read(indented)), indented);
  assert.equal(canonicalJson(read('{"b": 1.50, "a": [true, null, "\\u00e9"]}')), '{"a":[true,null,"é"],"b":1.5}');
});

test("a pointer finds what stands there and nothing else", () => {
  const value = read('{"a/b": [{"~": 1}], "length": 2}');
  assert.equal(atPointer(value, "/a~1b/0/~0").text, "1");
  for (const pointer of ["/a~1b/00", "/a~1b/-1", "/a~1b/length", "/constructor", "a", "/a~1b/0/~0/x"]) {
    assert.equal(atPointer(value, pointer), undefined);
  }
});
