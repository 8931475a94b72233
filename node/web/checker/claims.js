// A claim of the report beside the document that makes it: what it says, and whether its last step is about that.
import { known, need } from "./refused.js";
import { ONE } from "./fractions.js";
import { canonicalJson, listOf, member } from "./json.js";
import { leastShare } from "./measures.js";

const CLAIMED = new Set(["figure", "assessed"]); // facts whose second statement is a claim

// The claim as documents make it: as the derivation reads it, else in every way that it is made.
export function madeClaims(told, { documents, statements, steps, reach }, place) {
  const found = new Map();
  for (const document of documents.values()) {
    if (document.state !== "signed" || document.issuer !== told.get("says")) continue;
    for (const subject of listOf(document.credential.get("credentialSubject"))) {
      if (member(subject, "id") !== told.get("subject")) continue;
      for (const claim of listOf(member(subject, "performanceClaim"))) {
        if (member(claim, "id") === told.get("id")) found.set(canonicalJson(claim), claim);
      }
    }
  }
  need(found.size > 0, place, "No document that verifies makes this claim.");
  const read = [...reach].flatMap((number) => (CLAIMED.has(steps[number].rule) ? [steps[number].statements[1]] : []));
  const written = new Set(read.map((source) => canonicalJson(statements.of(source, place))));
  const chosen = [...found.keys()].filter((text) => written.has(text));
  return (chosen.length > 0 ? chosen : [...found.keys()]).map((text) => found.get(text));
}

// Everything that a claim says, as a fact would name it: kind and id.
export function atomsOf(claim) {
  const ids = (list) => listOf(list).map((one) => member(one, "id"));
  const figures = listOf(claim.get("claimedPerformance"));
  const metrics = figures.filter((one) => member(one, "measure") !== undefined).map((one) => member(member(one, "metric"), "id"));
  const scores = figures.filter((one) => member(one, "score") !== undefined);
  known(scores.length === 0, "scores are not looked at here.");
  const topics = new Set(ids(claim.get("conformityTopic")));
  return [
    ...ids(claim.get("referenceCriteria")).map((id) => ({ kind: "criterion", id })),
    ...[...topics].map((id) => ({ kind: "topic", id })),
    ...metrics.map((id) => ({ kind: "metric", id })),
  ];
}

// Each criterion with those of the claim's topics that it is about: they go up a chain together.
export function groupsOf(claim) {
  const topics = new Set(listOf(claim.get("conformityTopic")).map((one) => member(one, "id")));
  return listOf(claim.get("referenceCriteria")).map((criterion) => {
    const about = listOf(member(criterion, "conformityTopic")).map((one) => member(one, "id"));
    return [member(criterion, "id"), ...about.filter((id) => topics.has(id))];
  });
}

// The share that is claimed: all of it where the derivation reads no figure of a metric that the claim names.
export function claimedShare(claim, steps, reach) {
  const figures = new Set([...reach].filter((number) => steps[number].rule === "figure").map((number) => steps[number].say));
  const shares = listOf(claim.get("claimedPerformance"))
    .filter((one) => figures.has(`attesting ${member(member(one, "metric"), "id")}`))
    .map((one) => leastShare(member(one, "measure")));
  known(!shares.includes(undefined), "the share that is claimed cannot be read.");
  known(shares.length <= 1, "more than one share is claimed.");
  return shares[0] ?? ONE;
}

// Is `atom` borne out by the step: by one condition of an `all`, by each way of an `any`, by each part of a making?
export function bears(steps, number, { kind, id }, seen = new Set()) {
  if (seen.has(number)) return true; // around a circle: decided where it was entered
  seen.add(number);
  const { rule, refs, say } = steps[number];
  const one = (ref) => bears(steps, ref, { kind, id }, new Set(seen));
  if (rule === "assessed") return say === `attesting ${kind} ${id}`;
  if (rule === "figure") return kind === "metric" && say === `attesting ${id}`;
  if (rule === "all") return refs.some(one);
  if (rule === "any" || rule === "pool" || rule === "again") return refs.every(one);
  if (rule === "less") return one(refs[0]);
  if (rule === "mix") return refs.filter((ref) => steps[ref].rule === "part").every(one);
  if (rule === "part") return refs.length < 2 || one(refs[1]);
  return false;
}
