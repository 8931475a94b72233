// Who can sign as whom, and which sets of parties are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Doubts, checkSets, signersOf } from "../../../../node/web/checker/liars.js";
import { Num, parseJson } from "../../../../node/web/checker/json.js";
import { readSteps } from "../../../../node/web/checker/steps.js";
import { replayed } from "../../../../node/web/checker/replay.js";
import { Refused } from "../../../../node/web/checker/refused.js";
import { decimal } from "../../../../node/web/checker/fractions.js";

const HOST = "did:web:platform.example";
const step = (rule, from, value, party = "", say = "") => new Map(Object.entries({ rule, from, party, say, value }));
const number = (value) => new Num(`${value}`);
const statement = (pointer) => [number(0), pointer];
const fact = (key, party, share) => step("figure", [statement(`/${party}`), statement("/claim"), number(key)], share, party, "attesting m");

// Two ways to half: one by a tenant of a platform, the other by a party whose key came with the documents.
const WRITTEN = [
  step("key", [], "known", `${HOST}:a`),
  fact(0, `${HOST}:a`, "1/2"),
  step("key", [], "supplied", "did:web:lab.example"),
  fact(2, "did:web:lab.example", "3/4"),
  step("any", [number(1), number(3)], "3/4"),
];
const { steps } = readSteps(new Map(Object.entries({ documents: ["d"], steps: WRITTEN })), [4]);
const doubts = new Doubts(steps, replayed(steps));
const told = (list, more) => parseJson(new TextEncoder().encode(JSON.stringify({ sets: list, complete: true, atLeast: 1, ...more })), "here");
const check = (list, claimed, more = {}) => checkSets(told(list, more), { doubts, end: 4, claimed: decimal(claimed), place: "claim" });

test("the host of a path and who handed a key over can sign too", () => {
  assert.deepEqual(signersOf(steps[1], steps), [`${HOST}:a`, HOST]);
  assert.deepEqual(signersOf(steps[3], steps), ["did:web:lab.example", "supplier"]);
});

test("without a party as much is proven as the other way shows", () => {
  assert.equal(`${doubts.value(["supplier"], 4)}`, "1/2");
  assert.equal(`${doubts.value([HOST], 4)}`, "3/4");
  assert.equal(`${doubts.value(["supplier", HOST], 4)}`, "0");
});

test("sets that break the claim are accepted, each smallest and no single party left out", () => {
  assert.equal(check([["did:web:lab.example"], ["supplier"]], "0.6").sets.length, 2);
  const pairs = [["did:web:lab.example", HOST], [HOST, "supplier"]];
  assert.deepEqual(check(pairs, "0.4", { atLeast: 2 }), { sets: pairs, isWhole: true });
  assert.equal(check([], "0").isWhole, true);
});

test("where the report looked for less, that is told", () => {
  assert.equal(check([["supplier", HOST]], "0.4", { complete: false }).isWhole, false);
});

for (const [what, list, claimed, more] of [
  ["one is left out", [["supplier"]], "0.6"],
  ["one breaks nothing", [["did:web:lab.example"], ["supplier"], [HOST]], "0.6"],
  ["one is not smallest", [["did:web:lab.example"], ["supplier"], ["supplier", HOST]], "0.6"],
  ["one is there twice", [["supplier", HOST], [HOST, "supplier"]], "0.4"],
  ["a pair is left out", [["supplier", HOST]], "0.4"],
  ["fewer are enough than it says", [["did:web:lab.example"], ["supplier"]], "0.6", { atLeast: 2 }],
  ["nobody", [[]], "0.6"],
  ["one twice in a set", [[HOST, HOST, "supplier"]], "0.4"],
]) {
  test(`sets are refused where ${what}`, () => assert.throws(() => check(list, claimed, more), Refused));
}
