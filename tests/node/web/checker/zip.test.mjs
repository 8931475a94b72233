// The zip of a bundle can be written in one way only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readZip } from "../../../../node/web/checker/zip.js";
import { Refused } from "../../../../node/web/checker/refused.js";
import { zipOf } from "./zips.mjs";

const DOCUMENT = `documents/${"0a".repeat(32)}`;
const GOOD = [["manifest.json", "{}"], ["answers.json", "[]"], [DOCUMENT, "x"], ["report.json", "y"]];
const refuses = (bytes) => assert.throws(() => readZip(bytes), Refused);

test("a zip with the members of a bundle is read", () => {
  const members = readZip(zipOf(GOOD).bytes);
  assert.deepEqual([...members.keys()], GOOD.map(([name]) => name));
  assert.equal(new TextDecoder().decode(members.get("report.json")), "y");
});

test("no bit of a record can be turned: header, directory or end", () => {
  const { bytes } = zipOf(GOOD);
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const edited = Uint8Array.from(bytes);
      edited[at] ^= 1 << bit;
      refuses(edited);
    }
  }
});

test("no byte can be left out or added", () => {
  const { bytes } = zipOf(GOOD);
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length) refuses(Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]));
    refuses(Uint8Array.from([...bytes.subarray(0, at), 0, ...bytes.subarray(at)]));
  }
});

for (const [what, name] of Object.entries({
  absolute: "/report.json",
  "a path upwards": "../report.json",
  "a folder": "documents/",
  "a digest in capitals": `documents/${"0A".repeat(32)}`,
  another: "zebra.json",
  "one with a line feed": "trust.json\n",
  empty: "",
})) {
  test(`a name that no bundle has is refused: ${what}`, () => refuses(zipOf([...GOOD, [name, "x"]]).bytes));
}

test("members that are there twice, out of order, or before the manifest are refused", () => {
  refuses(zipOf([...GOOD, ["report.json", "y"]]).bytes);
  refuses(zipOf([GOOD[0], GOOD[2], GOOD[1]]).bytes);
  refuses(zipOf([GOOD[1], GOOD[0]]).bytes);
  refuses(zipOf([GOOD[0], GOOD[0]]).bytes);
  refuses(zipOf([]).bytes);
});
