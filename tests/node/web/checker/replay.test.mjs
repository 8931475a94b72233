// The rules of docs/derivation.md: mixtures, circles, and what a doubted word is worth.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Num } from "../../../../node/web/checker/json.js";
import { readSteps } from "../../../../node/web/checker/steps.js";
import { replayed, valuesOf } from "../../../../node/web/checker/replay.js";
import { leastOfMixture } from "../../../../node/web/checker/values.js";
import { Refused } from "../../../../node/web/checker/refused.js";
import { decimal } from "../../../../node/web/checker/fractions.js";

const part = (least, most, share) => ({ least: decimal(least), most: most === null ? null : decimal(most), share: decimal(share) });
const least = (...parts) => `${leastOfMixture(parts)}`;

test("the least of a mixture takes the poorest at their most and the rest at their least", () => {
  assert.equal(least(part("5", "5", "1"), part("0", "5", "0")), "1/2");
  assert.equal(least(part("5", "9", "1"), part("0", "5", "0.5"), part("5", "6", "0")), "5/11");
  assert.equal(least(part("1", "1", "1"), part("0", null, "0.2")), "1/5");
});

test("a mixture of what need not weigh anything has what its poorest part has", () => {
  assert.equal(least(part("0", "3", "0.7"), part("0", "4", "0.4")), "2/5");
  assert.equal(least(part("0", "0", "0.7")), "0");
  assert.equal(least(), "0");
});

test("no choice of masses within their bounds has less", () => {
  let state = 7;
  const draw = (below) => (state = (state * 48271) % 2147483647) % below;
  for (let run = 0; run < 300; run++) {
    const parts = Array.from({ length: 1 + draw(4) }, () => {
      const lower = draw(4);
      return part(`${lower}`, `${lower + draw(4)}`, `0.${draw(10)}`);
    });
    const choices = Array.from({ length: 1 << parts.length }, (_, bits) => parts.map(({ least, most, share }, at) => ({ mass: bits & (1 << at) ? most : least, share })));
    const means = choices.map((chosen) => {
      const mass = chosen.reduce((sum, one) => sum.plus(one.mass), decimal("0"));
      return `${mass}` === "0" ? undefined : chosen.reduce((sum, one) => sum.plus(one.mass.times(one.share)), decimal("0")).over(mass);
    });
    const weighed = means.filter((mean) => mean !== undefined);
    const smallest = weighed.reduce((one, other) => (other.below(one) ? other : one), weighed[0] ?? decimal("0"));
    assert.equal(least(...parts), `${smallest}`);
  }
});

// Steps in short: [rule, from, value, party, say].
function written(rows, documents = ["d"]) {
  const from = (one) => (typeof one === "number" ? new Num(`${one}`) : [new Num("0"), one]);
  const steps = rows.map(([rule, sources, value, party = "", say = ""]) =>
    new Map(Object.entries({ rule, from: sources.map(from), party, say, value })));
  return new Map(Object.entries({ documents, steps }));
}

function read(rows, ends = [rows.length - 1]) {
  return readSteps(written(rows), ends).steps;
}

const KEY = ["key", [], "known", "did:web:mill.example"];
const mass = (kilograms, at) => ["amount", [`/in/${at}`, 0], [kilograms, kilograms], "did:web:mill.example", "making"];
const figure = (share) => ["figure", ["/figure", "/claim", 0], share, "did:web:lab.example", "attesting m"];

// A lot that is half itself (as regrind) and half of what is 4/5: the share goes up to 4/5, in rounds.
const CIRCLE = [
  KEY,
  figure("4/5"),
  ["again", [11], "799999999999/1000000000000"],
  mass("1", 0),
  mass("1", 1),
  ["part", [3, 1], ["1", "1", "4/5"]],
  ["part", [4, 2], ["1", "1", "799999999999/1000000000000"]],
  ["sum", [3, 4], ["2", "2"]],
  ["out", [3], "1"],
  ["lacking", [7, 8], "0"],
  ["made", ["/event", 0], "1", "did:web:mill.example", "making"],
  ["mix", [10, 5, 6, 9], "1599999999999/2000000000000"],
];

test("a circle is gone through in rounds until nothing changes", () => {
  const steps = read(CIRCLE);
  assert.equal(`${replayed(steps)[11]}`, "1599999999999/2000000000000");
  const doubted = valuesOf(steps, (step) => step.party === "did:web:lab.example", replayed(steps));
  assert.equal(`${doubted[11]}`, "0");
});

test("a circle that its round does not lead to is refused", () => {
  const raised = structuredClone(CIRCLE);
  raised[2][2] = "4/5";
  raised[6][2][2] = "4/5";
  raised[11][2] = "4/5";
  assert.throws(() => replayed(read(raised)), Refused);
});

test("an amount in doubt is as much as its bound allows, and all of it where nothing bounds it", () => {
  const rows = [KEY, mass("1", 0), ["ever", [1], ["0", "1"]], ["amount", ["/in/1", 0, 2], ["3", "3"], "did:web:other.example", "making"], ["open", [3], ["0", null]]];
  rows.splice(1, 0, ["key", [], "known", "did:web:other.example"]);
  const steps = read(rows.map(([rule, from, ...rest]) => [rule, from.map((one) => (typeof one === "number" && one > 0 ? one + 1 : one)), ...rest]), [1, 5]);
  const values = valuesOf(steps, (step) => step.party === "did:web:other.example");
  assert.deepEqual([`${values[4].least}`, `${values[4].most}`], ["0", "3"]);
  assert.equal(valuesOf(steps, (step) => step.party === "did:web:mill.example")[2].most, null);
});

test("a step that no claim needs, that is there twice, or that follows from a later one is refused", () => {
  const rows = [KEY, figure("1/2"), ["all", [1], "1/2"]];
  assert.equal(read(rows).length, 3);
  assert.throws(() => read([...rows, ["any", [], "0"]], [2]), Refused);
  assert.throws(() => read([KEY, figure("1/2"), figure("1/2"), ["all", [1, 2], "1/2"]]), Refused);
  assert.throws(() => read([KEY, ["all", [2], "1/2"], figure("1/2")], [1, 2]), Refused);
  assert.throws(() => read([KEY, figure("1/2"), ["less", [1, 1], "1/2"]]), Refused);
});
