// Exact numbers: a fraction of two BigInts in lowest terms, the lower one above 0.
import { need } from "./refused.js";

const WRITTEN = /^(0|-?[1-9][0-9]*)(?:\/([1-9][0-9]*))?$/;
const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/;
const LONGEST = 4_000;

export class Fraction {
  constructor(upper, lower = 1n) {
    const shared = common(upper, lower) * (lower < 0n ? -1n : 1n);
    this.upper = upper / shared;
    this.lower = lower / shared;
  }

  plus(other) {
    return new Fraction(this.upper * other.lower + other.upper * this.lower, this.lower * other.lower);
  }

  minus(other) {
    return new Fraction(this.upper * other.lower - other.upper * this.lower, this.lower * other.lower);
  }

  times(other) {
    return new Fraction(this.upper * other.upper, this.lower * other.lower);
  }

  over(other) {
    return new Fraction(this.upper * other.lower, this.lower * other.upper);
  }

  compare(other) {
    const difference = this.upper * other.lower - other.upper * this.lower;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  below(other) {
    return this.compare(other) < 0;
  }

  equals(other) {
    return this.upper === other.upper && this.lower === other.lower;
  }

  // Rounded down to a multiple of 10^-digits.
  down(digits) {
    const unit = 10n ** BigInt(digits);
    const scaled = this.upper * unit;
    const whole = scaled / this.lower;
    return new Fraction(scaled < 0n && whole * this.lower !== scaled ? whole - 1n : whole, unit);
  }

  toString() {
    return this.lower === 1n ? `${this.upper}` : `${this.upper}/${this.lower}`;
  }
}

export const ZERO = new Fraction(0n);
export const ONE = new Fraction(1n);

function common(one, other) {
  let [a, b] = [one < 0n ? -one : one, other < 0n ? -other : other];
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

export function larger(one, other) {
  return one.below(other) ? other : one;
}

export function smaller(one, other) {
  return other.below(one) ? other : one;
}

// `3`, `4/5`: as a derivation writes numbers, in lowest terms or refused.
export function writtenFraction(text, place) {
  const found = typeof text === "string" && text.length <= LONGEST ? WRITTEN.exec(text) : null;
  need(found !== null, place, "A number is not written as a derivation writes them.");
  const value = new Fraction(BigInt(found[1]), BigInt(found[2] ?? "1"));
  need(value.toString() === text, place, "A fraction is not in lowest terms.");
  return value;
}

// A JSON number or a text of one, exactly; undefined where it is none.
export function decimal(text) {
  const found = typeof text === "string" && text.length <= LONGEST ? DECIMAL.exec(text) : null;
  if (found === null) return undefined;
  const [, sign, whole, part = "", power = "0"] = found;
  const exponent = BigInt(power) - BigInt(part.length);
  const digits = BigInt(whole + part) * (sign === "-" ? -1n : 1n);
  return exponent < 0n ? new Fraction(digits, 10n ** -exponent) : new Fraction(digits * 10n ** exponent);
}
