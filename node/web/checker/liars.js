// Who would have to lie: the value of a claim with the word of some parties worth nothing.
import { need } from "./refused.js";
import { decimal } from "./fractions.js";
import { FACTS, closure } from "./steps.js";
import { valuesOf } from "./replay.js";
import { listOf, member } from "./json.js";
import { numberIn } from "./measures.js";

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

// The sets of `holdsUnless`: each breaks the claim and is smallest, and no single party that does is left out.
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
  return sets;
}

// Each share of `rests`: how much less is proven without that party.
export function checkRests(told, { doubts, end, value, place }) {
  for (const one of listOf(told)) {
    const [party, share] = [member(one, "party"), numberIn(member(one, "share"))];
    need(typeof party === "string" && share !== undefined, place, "rests is not shaped as it should be.");
    need(nearly(value.minus(doubts.value([party], end)), share), place, `rests tells another share of ${party}.`);
  }
}
