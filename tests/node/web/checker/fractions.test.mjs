// Numbers are exact, and a number is written in one way only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fraction, decimal, writtenFraction } from "../../../../node/web/checker/fractions.js";
import { Refused } from "../../../../node/web/checker/refused.js";

test("a fraction is kept in lowest terms", () => {
  assert.equal(`${new Fraction(4n, 6n)}`, "2/3");
  assert.equal(`${new Fraction(-4n, -2n)}`, "2");
  assert.equal(`${new Fraction(1n, 3n).plus(new Fraction(1n, 6n))}`, "1/2");
});

for (const text of ["2/4", "4/1", "0/3", "-0", "01", "1/0", "1.5", " 1", "+1", "", "1/-2", 1, null]) {
  test(`no derivation writes a number as ${JSON.stringify(text)}`, () => assert.throws(() => writtenFraction(text, "here"), Refused));
}

test("decimals are read as they are written", () => {
  assert.equal(`${decimal("0.1").plus(decimal("0.2"))}`, "3/10");
  assert.equal(`${decimal("8.05e1")}`, "161/2");
  assert.equal(`${decimal("-1E-2")}`, "-1/100");
  assert.equal(decimal("1e9999"), undefined);
});

test("rounding goes down, also below zero", () => {
  assert.equal(`${new Fraction(2n, 3n).down(2)}`, "33/50");
  assert.equal(`${new Fraction(-2n, 3n).down(2)}`, "-67/100");
  assert.equal(`${new Fraction(-1n, 2n).down(1)}`, "-1/2");
});
