// What was found, as elements of the page.
import { element, pairs, percent, visible, words } from "./showing.js";

const HEADINGS = {
  shown: "Every claim that the report calls proven is shown.",
  partly: "Not everything that the report calls proven is shown.",
  refused: "Refused: this is no bundle, or what it says does not follow from what is in it.",
};
const MOST_CLAIMS = 500; // on one page
const MOST_SETS = 50; // of who would have to lie
const NEVER = [
  "RDF Data Integrity proofs, SD-JWT, COSE and presentations: what is signed in these forms is not checked, and no claim that rests on it is shown.",
  "When documents and keys were valid, and whether anything was revoked or suspended: status lists are not opened.",
  "What counts against a claim, upper bounds, findings, gaps, grades and the sentences of the report. A claim that is called no good is told, not checked.",
  "What an accreditation covers, which criteria stand for which, what registers say, and how much can come out of a making.",
  "Whether a DID document is the one that its host serves.",
  "Whether its trust list is yours: whoever stands at its top is believed.",
  "That nothing was left out, when a document existed, and who packed the bundle.",
];

export function reportOf(outcome) {
  const heading = words("p", HEADINGS[outcome.state], `state ${outcome.state}`);
  if (outcome.state === "refused") return [heading, pairs([["Where", outcome.place], ["Why", outcome.sentence]])];
  const about = [
    ["Of", outcome.identifier],
    ["As of", outcome.at],
    ["The report says", outcome.told],
    ["Shown here", outcome.word],
    ["Signatures", `${outcome.signed} tokens verify`],
  ];
  const roots = ["Believed without more", outcome.roots.length > 0 ? outcome.roots.join(", ") : "nobody"];
  return [heading, pairs([...about, roots]), words("h2", "Claims"), ...claimsOf(outcome.claims), ...unchecked(outcome)];
}

function claimsOf(claims) {
  const left = claims.length - MOST_CLAIMS;
  const more = left > 0 ? [words("p", `${left} more claims are not listed; the word above is of all of them.`)] : [];
  return [...claims.slice(0, MOST_CLAIMS).map(claimOf), ...more];
}

function claimOf(claim) {
  const facts = [["The report says", claim.told]];
  if (claim.shown) {
    facts.push(["Shown here", claim.isGood ? claim.word : "what is proven of it"], ["Proven", `at least ${percent(claim.least)}`]);
    facts.push(["Claimed", percent(claim.claimed)]);
  } else facts.push(["Shown here", "not checked"]);
  facts.push(["At most", `${percent(claim.most)}, as the report says; not checked`]);
  if (claim.shown && claim.holdsUnless) facts.push(["False only if", liars(claim)]);
  if (claim.shown && claim.vouching.length > 0) facts.push(["As vouched by", claim.vouching.join(", ")]);
  if (claim.why !== "") facts.push(["Why not shown", claim.why]);
  return element("article", { children: [words("h3", claim.id), pairs(facts)] });
}

function liars({ sets, isWhole }) {
  const told = sets.slice(0, MOST_SETS).map((set) => set.join(" and "));
  const more = sets.length > MOST_SETS ? [`${sets.length - MOST_SETS} more sets`] : [];
  const beyond = isWhole ? "four others together" : "others together, which were not all looked for,";
  return `${[...told, ...more, beyond].join(", or ")} lie or are mistaken`;
}

function unchecked(outcome) {
  const items = [...counted(outcome.unchecked, "not checked"), ...counted(outcome.bad, "does not verify, and nothing shown rests on it")];
  const list = [...items, ...NEVER].map((text) => words("li", text));
  return [words("h2", "Not checked here"), element("ul", { children: list })];
}

function counted(reasons, what) {
  const numbers = new Map();
  for (const reason of reasons) numbers.set(reason, (numbers.get(reason) ?? 0) + 1);
  return [...numbers].map(([reason, number]) => visible(`${number} of the documents: ${what}. ${reason}`));
}
