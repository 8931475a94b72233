// The value of each rule of docs/derivation.md by the values it follows from, exactly. `null` is unknown.
import { Fraction, ONE, ZERO, larger, smaller } from "./fractions.js";

const LONGEST = 10n ** 40n;
const OPEN = Object.freeze({ least: ZERO, most: null });

// From (values, {doubtful, step, base}) to a value: `doubtful` says which sources rest on a doubted word,
// `base` is what the step has when nobody is doubted.
export const VALUES = {
  sum: (masses) => ({ least: total(masses.map(({ least }) => least)), most: mostOf(masses) }),
  ever: (masses) => ({ least: ZERO, most: mostOf(masses) }),
  open: () => OPEN,
  bound: (values) => values.at(-1) ?? OPEN,
  out: (masses, { doubtful }) => (doubtful.includes(true) ? null : total(masses.map(({ most }) => most ?? ZERO))),
  most: ([others, out, ...fractions]) => mostOfLot(others, out, fractions),
  portion: ([most, fraction]) => (most === null || fraction === null ? OPEN : { least: ZERO, most: most.times(fraction) }),
  lacking: ([sum, out], { base }) => base ?? lacking(sum, out),
  part: ([mass, share]) => ({ ...mass, share: share ?? ZERO }),
  mix: ([made, ...rest]) => (made.equals(ZERO) ? ZERO : shortened(leastOfMixture(rest.map(asPart)))),
  pool: (parts) => shortened(leastOfMixture(parts)),
  any: (shares) => shares.reduce(larger, ZERO),
  all: (shares) => (shares.length > 0 ? shares.reduce(smaller) : ZERO),
  less: ([share, against]) => larger(ZERO, share.minus(against)),
  against: (_, { step }) => step.value,
};

// What a fact is worth when its party's word is worth nothing.
export const DOUBTED = {
  figure: () => ZERO,
  assessed: () => ZERO,
  stated: () => ZERO,
  made: () => ZERO,
  weight: () => null,
  fraction: () => null,
  amount: (own, bound) => (bound === undefined ? OPEN : { least: ZERO, most: largerMost(bound.most, own.most) }),
};

export function sameValue(one, other) {
  if (one === null || other === null) return one === other;
  if (one instanceof Fraction || other instanceof Fraction) return one instanceof Fraction && other instanceof Fraction && one.equals(other);
  return ["least", "most", "share"].every((name) => sameValue(one[name] ?? null, other[name] ?? null));
}

function total(numbers) {
  return numbers.reduce((sum, number) => sum.plus(number), ZERO);
}

function mostOf(masses) {
  return masses.some(({ most }) => most === null) ? null : total(masses.map(({ most }) => most));
}

function largerMost(one, other) {
  return one === null || other === null ? null : larger(one, other);
}

function mostOfLot(others, out, fractions) {
  if (others.most === null || out === null || fractions.includes(null)) return null;
  const left = ONE.minus(total(fractions));
  return left.compare(ZERO) <= 0 ? null : larger(out, others.most.over(left));
}

function lacking(sum, out) {
  return sum.most === null || out === null ? ZERO : larger(ZERO, out.minus(sum.most));
}

// A mass of nothing, as much as is lacking, is a part too.
function asPart(value) {
  return value instanceof Fraction ? { least: value, most: value, share: ZERO } : value;
}

// "The least of a mixture": every mass at its least, then from the poorest on at its most while that is below the mean.
export function leastOfMixture(parts) {
  let mass = total(parts.map(({ least }) => least));
  let held = total(parts.map(({ least, share }) => least.times(share)));
  const poorestFirst = [...parts].sort((one, other) => one.share.compare(other.share));
  for (const { least, most, share } of poorestFirst) {
    if (!mass.equals(ZERO) && !share.below(held.over(mass))) break;
    if (most === null) return share;
    mass = mass.plus(most.minus(least));
    held = held.plus(most.minus(least).times(share));
  }
  return mass.equals(ZERO) ? ZERO : held.over(mass);
}

function shortened(value) {
  return value.lower > LONGEST ? value.down(40) : value;
}
