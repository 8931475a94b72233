// Who would have to lie: the value of a claim with the word of some parties worth nothing.
import { need } from "./refused.js";
import { decimal } from "./fractions.js";
import { FACTS, closure } from "./steps.js";
import { valuesOf } from "./replay.js";
import { listOf, member } from "./json.js";
import { numberIn } from "./measures.js";

const MOST_TOGETHER = 3; // parties of one set that is looked for
const MOST_WORK = 2_000_000; // steps that are worked out to look for sets
const SUPPLIER = "supplier";
const HALF = decimal("0.0000005"); // six decimals are told

export function nearly(value, told) {
  const difference = value.minus(told);
  return !HALF.below(difference) && !HALF.below(told.minus(value));
}

// Everybody who can sign as the party of a fact: itself, the DID of its host, who handed a key over.
export function signersOf(step, steps) {
  const host = /^(did:web:[^:]+):/.exec(step.party)?.[1];
  const supplied = step.refs.some((ref) => steps[ref].rule === "key" && steps[ref].word === "supplied");
  return [step.party, ...(host ? [host] : []), ...(supplied ? [SUPPLIER] : [])];
}

// g(K) of docs/derivation.md for any claim's last step.
export class Doubts {
  constructor(steps, base) {
    this.steps = steps;
    this.base = base;
    this.signers = steps.map((step) => (FACTS.has(step.rule) ? signersOf(step, steps) : []));
    this.worked = new Map();
  }

  value(parties, end) {
    const name = [...parties].sort().join("\n");
    if (!this.worked.has(name)) {
      const doubted = new Set(parties);
      const isDoubted = (step) => this.signers[step.number].some((party) => doubted.has(party));
      this.worked.set(name, valuesOf(this.steps, isDoubted, this.base));
    }
    return this.worked.get(name)[end];
  }

  // Everybody on whose word the step rests.
  parties(end) {
    return [...new Set([...closure(this.steps, end)].flatMap((number) => this.signers[number]))].sort();
  }
}

// The sets of `holdsUnless`: each breaks the claim and is smallest, and no single party that does is left out; nor any
// of two or three, where the report says so and that is not too much to try.
export function checkSets(told, { doubts, end, claimed, place }) {
  const sets = listOf(member(told, "sets"));
  const breaks = (parties) => doubts.value(parties, end).below(claimed);
  for (const set of sets) {
    const shaped = Array.isArray(set) && set.length > 0 && set.every((one) => typeof one === "string");
    need(shaped && new Set(set).size === set.length, place, "holdsUnless has something that is no set of parties.");
    need(breaks(set), place, `The claim stands even if ${set.join(" and ")} lied.`);
    const smaller = set.length > 1 ? set.map((one) => set.filter((other) => other !== one)) : [];
    need(!smaller.some(breaks), place, "A set of holdsUnless is not a smallest one.");
  }
  const names = sets.map((set) => [...set].sort().join("\n"));
  need(new Set(names).size === names.length, place, "holdsUnless has a set twice.");
  const alone = doubts.parties(end).filter((party) => breaks([party]));
  for (const party of alone) need(names.includes(party), place, `holdsUnless leaves ${party} out.`);
  const least = numberIn(member(told, "atLeast"));
  const fewest = Math.min(...sets.map((set) => set.length), MOST_TOGETHER + 1);
  need(least !== undefined && least.compare(decimal(`${fewest}`)) <= 0, place, "Fewer parties than it says are enough.");
  return { sets, isWhole: member(told, "complete") === true && isComplete(names, { doubts, end, breaks, place }) };
}

// Is every set of two and three that breaks the claim, and is smallest, among `names`? False where that is too much to try.
function isComplete(names, { doubts, end, breaks, place }) {
  const hosts = (party) => /^(did:web:[^:]+):/.exec(party)?.[1] ?? party;
  const parties = [...new Set(doubts.parties(end).map(hosts))].filter((party) => !names.includes(party)).sort();
  const count = parties.length;
  const tries = (count * (count - 1)) / 2 + (count * (count - 1) * (count - 2)) / 6;
  if (tries * doubts.steps.length > MOST_WORK) return false;
  const found = new Set();
  for (const set of together(parties)) {
    const isSmallest = !set.some((one) => found.has(set.filter((other) => other !== one).join("\n")));
    if (!isSmallest || !breaks(set)) continue;
    found.add(set.join("\n"));
    need(names.includes(set.join("\n")), place, `holdsUnless leaves ${set.join(" and ")} out.`);
  }
  return true;
}

// All pairs, then all sets of three, each in order.
function* together(parties) {
  for (const [at, one] of parties.entries()) for (const other of parties.slice(at + 1)) yield [one, other];
  for (const [at, one] of parties.entries()) {
    for (const [next, other] of parties.entries()) {
      if (next > at) for (const third of parties.slice(next + 1)) yield [one, other, third];
    }
  }
}

// Each share of `rests`: how much less is proven without that party.
export function checkRests(told, { doubts, end, value, place }) {
  for (const one of listOf(told)) {
    const [party, share] = [member(one, "party"), numberIn(member(one, "share"))];
    need(typeof party === "string" && share !== undefined, place, "rests is not shaped as it should be.");
    need(nearly(value.minus(doubts.value([party], end)), share), place, `rests tells another share of ${party}.`);
  }
}
