// What is shown of one claim: its word, its band, who would have to lie, and why something is not shown.
import { Refused, Unchecked, need } from "./refused.js";
import { closure } from "./steps.js";
import { atomsOf, bears, claimedShare, groupsOf, madeClaims } from "./claims.js";
import { checkRests, checkSets, nearly } from "./liars.js";
import { Lots } from "./makings.js";
import { numberIn } from "./measures.js";
import { ONE, ZERO } from "./fractions.js";

const WORST = ["INVALID", "CONTRADICTED", "REFUTED"];
const GOOD = new Set(["VERIFIED", "PARTIALLY VERIFIED"]);
const WORDS = new Set([...WORST, ...GOOD, "UNVERIFIABLE"]);

// The word of a report by those of its claims.
export function wordOf(words) {
  const worst = WORST.find((word) => words.includes(word));
  if (worst !== undefined) return worst;
  if (words.length > 0 && words.every((word) => word === "VERIFIED")) return "VERIFIED";
  return words.some((word) => GOOD.has(word)) ? "PARTIALLY VERIFIED" : "UNVERIFIABLE";
}

// `told` is the report's word, `word` what is shown of it; `why` says what was not checked, or that nothing shows it.
export function shownClaim(claim, context) {
  const place = `claim ${claim.get("id")}`;
  const told = claim.get("verdict");
  need(WORDS.has(told) && typeof claim.get("id") === "string", place, "It has a word that no claim has.");
  const band = bandOf(claim, place);
  const result = { id: claim.get("id"), told, isGood: GOOD.has(told), shown: false, word: told, least: null, most: band[1], sets: [], why: "" };
  if (claim.get("derivation") === null) {
    need(band[0].equals(ZERO), place, "Nothing shows what it calls proven.");
    return result.isGood ? { ...result, word: "UNVERIFIABLE", why: "Nothing in the report shows it." } : result;
  }
  try {
    return { ...result, ...proven(claim, told, band[0], { ...context, place }) };
  } catch (error) {
    if (!(error instanceof Unchecked)) throw error;
    return { ...result, word: result.isGood ? "UNVERIFIABLE" : told, why: `Not checked: ${error.message}` };
  }
}

function bandOf(claim, place) {
  const band = claim.get("value");
  const ends = Array.isArray(band) && band.length === 2 ? band.map(numberIn) : [];
  const ordered = ends.length === 2 && !ends.includes(undefined) && !ends[1].below(ends[0]);
  need(ordered && !ends[0].below(ZERO) && !ONE.below(ends[1]), place, "Its band is none.");
  return ends;
}

function proven(claim, told, least, context) {
  const { steps, values, statements, doubts, place } = context;
  const end = Number(claim.get("derivation").text);
  const value = values[end];
  need(value?.upper !== undefined, place, "It ends in a step that is no share.");
  need(nearly(value, least), place, "Its lower bound is another than the derivation's.");
  const reach = closure(steps, end);
  const unchecked = [...reach].map((number) => steps[number].unchecked).find((why) => why !== undefined);
  if (unchecked !== undefined) throw new Unchecked(unchecked);
  new Lots(steps, statements).check(end, claim.get("subject"));
  checkRests(claim.get("rests"), { doubts, end, value, place });
  const found = firstThatHolds(madeClaims(claim, { ...context, reach }, place), (made) => {
    const share = claimedShare(made, steps, reach);
    return { claimed: share, ...asClaimed(claim, made, { value, share, end, told, ...context }) };
  });
  return { shown: true, word: told, least: value, vouching: vouching(steps, reach), ...found };
}

// Who is believed that others may assess: as they vouch, whoever lies.
function vouching(steps, reach) {
  const parties = [...reach].map((number) => steps[number]).filter(({ rule }) => rule === "listed" || rule === "accredited");
  return [...new Set(parties.map(({ party }) => party))].sort();
}

// A claim that is made in several ways, as by two passports of one lot, is shown in the first that is borne out.
function firstThatHolds(made, check) {
  let failed;
  for (const one of made) {
    try {
      return check(one);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unchecked)) throw error;
      failed ??= error;
    }
  }
  throw failed;
}

function asClaimed(claim, made, { steps, doubts, value, share, end, told, place }) {
  const atoms = atomsOf(made);
  const borne = atoms.filter((atom) => bears(steps, end, atom));
  const missing = atoms.find((atom) => !borne.includes(atom));
  need(told !== "VERIFIED" || missing === undefined, place, `Nothing bears out its ${missing?.kind} ${missing?.id}.`);
  need(borne.length > 0, place, "What is shown is nothing that it says.");
  for (const group of groupsOf(made)) {
    const shown = group.filter((id) => borne.some((atom) => atom.id === id));
    need(shown.length === 0 || shown.length === group.length, place, "A criterion is shown without its topics, or these without it.");
  }
  const isProven = !value.below(share);
  need(told !== "VERIFIED" || isProven, place, "Less is shown than is claimed.");
  const unless = claim.get("holdsUnless");
  need((unless !== null) === isProven, place, "It says who would have to lie where it should not, or the other way round.");
  if (unless === null) return { sets: [], holdsUnless: false };
  return { holdsUnless: true, ...checkSets(unless, { doubts, end, claimed: share, place }) };
}
