// Measures of UNTP 0.7 (value, unit, lowerTolerance, upperTolerance) as exact numbers; units are codes of UN/ECE
// Recommendation 20.
import { decimal } from "./fractions.js";
import { Num, member } from "./json.js";
import { ZERO, larger } from "./fractions.js";

const KILOGRAMS = {
  KGM: "1",
  GRM: "0.001",
  MGM: "0.000001",
  HGM: "0.1",
  TNE: "1000",
  DTN: "100",
  KTN: "1000000",
  LBR: "0.45359237",
  ONZ: "0.028349523125",
};
const PERCENT = "P1";

export function numberIn(value) {
  return value instanceof Num ? decimal(value.text) : undefined;
}

// [least, most] of a measure in its own unit; undefined where it is none, or below 0.
export function rangeOf(measure) {
  const value = numberIn(member(measure, "value"));
  const [lower, upper] = ["lowerTolerance", "upperTolerance"].map((name) => {
    const tolerance = member(measure, name);
    return tolerance === undefined ? ZERO : numberIn(tolerance);
  });
  if ([value, lower, upper].some((one) => one === undefined || one.below(ZERO))) return undefined;
  return [larger(ZERO, value.minus(lower)), value.plus(upper)];
}

export function unitOf(measure) {
  return member(measure, "unit");
}

// Kilograms in one of the unit; undefined where it is no unit of mass that is listed here.
export function kilograms(unit) {
  return Object.hasOwn(KILOGRAMS, unit ?? "") ? decimal(KILOGRAMS[unit]) : undefined;
}

// The share that a measure in percent guarantees; undefined for another unit.
export function leastShare(measure) {
  const range = unitOf(measure) === PERCENT ? rangeOf(measure) : undefined;
  return range?.[0].times(decimal("0.01"));
}

// One more of the last digit; undefined where the number is not written in the shortest way, since that may be lost.
export function readUp(value) {
  if (!(value instanceof Num)) return undefined;
  const text = `${Number(value.text)}`;
  if (text !== value.text.replace(/\.0$/, "")) return undefined;
  const number = decimal(text);
  const [digits, power = "0"] = text.split("e");
  const last = Number(power) - (digits.split(".")[1]?.length ?? 0);
  return number?.plus(decimal(`1e${last}`));
}
