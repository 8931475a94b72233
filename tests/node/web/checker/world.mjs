// A small world as a bundle: a shirt of 600 kg certified and 400 kg other yarn, half of which is claimed to be organic.
import { createHash } from "node:crypto";
import { zipOf } from "./zips.mjs";
import { didDocument, didKey, newKey, tokenOf } from "./signing.mjs";

const AT = "2026-06-01T12:00:00Z";
const [ROOT, MAKER, SPINNER] = ["root", "maker", "spinner"].map((name) => `did:web:${name}.example`);
const LOT = "https://maker.example/lots/shirt";
const YARN = "https://spinner.example/lots/yarn";
const [CRITERION, TOPIC, METRIC] = ["criterion", "topic", "metric"].map((name) => `https://scheme.example/${name}`);
const KEYS = { root: await newKey("EdDSA"), assessor: await newKey("ES256"), maker: await newKey("ES384"), spinner: await newKey("EdDSA") };
const ASSESSOR = didKey(KEYS.assessor);
const KIDS = { root: `${ROOT}#k`, assessor: ASSESSOR.kid, maker: `${MAKER}#k`, spinner: `${SPINNER}#k` };

export const NAMES = { ROOT, MAKER, SPINNER, ASSESSOR: ASSESSOR.did, LOT, YARN, CRITERION, TOPIC, METRIC };

const about = () => ({ conformityTopic: [{ id: TOPIC }] });
const figure = (value) => ({ metric: { id: METRIC }, measure: { value, unit: "P1" } });
const claim = (id, value) => ({ id, referenceCriteria: [{ id: CRITERION, ...about() }], ...about(), claimedPerformance: [figure(value)] });
const passport = (id, share) => ({ type: ["Product"], id, performanceClaim: [claim(`${id}/organic`, share)] });
const portion = (id, value) => ({ product: { id }, quantity: { value, unit: "KGM" } });
const credential = (issuer, credentialSubject) => ({ type: ["VerifiableCredential"], issuer: { id: issuer }, credentialSubject });

// What is signed, by whom; tests change it before it is.
function drafts() {
  return {
    anchor: ["root", credential(ROOT, { id: ASSESSOR.did, registerType: "accreditation" })],
    certificate: ["assessor", credential(ASSESSOR.did, {
      assessorLevel: "3rdParty",
      conformityAssessment: [{
        assessmentCriteria: [{ id: CRITERION, ...about() }],
        ...about(),
        assessmentDate: "2026-01-01",
        assessedPerformance: [figure(100)],
        conformance: true,
        assessedProduct: [{ product: { id: YARN } }],
      }],
    })],
    yarn: ["spinner", credential(SPINNER, passport(YARN, 100))],
    shirt: ["maker", credential(MAKER, passport(LOT, 50))],
    making: ["maker", credential(MAKER, {
      type: ["MakeEvent"],
      inputProduct: [portion(YARN, 600), portion("https://other.example/lots/yarn", 400)],
      outputProduct: [portion(LOT, 990)],
    })],
  };
}

// [rule, from, value, party, say]: a text in `from` is a step by its name, [document, pointer] a statement.
function derivation() {
  const lab = [["certificate", "/credentialSubject/conformityAssessment/0"], ["yarn", "/credentialSubject/performanceClaim/0"], "accredited", "labKey"];
  const figures = [["certificate", "/credentialSubject/conformityAssessment/0/assessedPerformance/0"], ...lab.slice(1)];
  const amount = (place, kilograms) => ["amount", [["making", `/credentialSubject/${place}`], "makerKey"], [kilograms, kilograms], MAKER, "making"];
  return {
    listed: ["listed", [], "trust list", ROOT],
    rootKey: ["key", [], "known", ROOT],
    accredited: ["accredited", [["anchor", "/credentialSubject"], "listed", "rootKey"], ASSESSOR.did, ROOT, "accrediting"],
    labKey: ["key", [], "known", ASSESSOR.did],
    criterion: ["assessed", lab, "1", ASSESSOR.did, `attesting criterion ${CRITERION}`],
    topic: ["assessed", lab, "1", ASSESSOR.did, `attesting topic ${TOPIC}`],
    figure: ["figure", figures, "1", ASSESSOR.did, `attesting ${METRIC}`],
    yarn: ["all", ["criterion", "topic", "figure"], "1"],
    makerKey: ["key", [], "known", MAKER],
    one: amount("inputProduct/0", "600"),
    two: amount("inputProduct/1", "400"),
    came: amount("outputProduct/0", "990"),
    out: ["out", ["came"], "990"],
    sum: ["sum", ["one", "two"], ["1000", "1000"]],
    lacking: ["lacking", ["sum", "out"], "0"],
    parts: ["part", ["one", "yarn"], ["600", "600", "1"]],
    other: ["part", ["two"], ["400", "400", "0"]],
    say: ["say", [], "address", MAKER, `making ${LOT}`],
    made: ["made", [["making", "/credentialSubject"], "say", "makerKey"], "1", MAKER, "making"],
    mix: ["mix", ["made", "parts", "other", "lacking"], "3/5"],
  };
}

function report() {
  const unless = { sets: [[ASSESSOR.did], [MAKER]], complete: true, atLeast: 1, sentence: "" };
  const told = { id: `${LOT}/organic`, subject: LOT, verdict: "VERIFIED", value: [0.6, 0.6], says: MAKER, derivation: "mix", holdsUnless: unless, rests: [] };
  return { target: LOT, at: AT, known: AT, word: "VERIFIED", claims: [told], derivation: { documents: [], steps: [] } };
}

export const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const canonical = (value) => JSON.stringify(value, (_, one) => (one?.constructor === Object ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one));

// The bundle; `edit` changes the drafts, the steps, the report or the JSON members before anything is signed,
// `packed` the members by name after that and before the manifest is written.
export async function bundle({ edit = () => {}, packed = () => {}, manifest = () => {} } = {}) {
  const world = { drafts: drafts(), steps: derivation(), report: report(), trust: { entries: [{ did: ROOT }], keys: {} }, question: question(), answers: [] };
  edit(world);
  const documents = {};
  for (const [name, [who, draft]] of Object.entries(world.drafts)) documents[name] = await tokenOf(draft, KEYS[who], KIDS[who]);
  const dids = [[ROOT, "root"], [MAKER, "maker"], [SPINNER, "spinner"]].map(([did, who]) => [did, JSON.stringify(didDocument(did, KEYS[who]))]);
  number(world, documents);
  const found = (kind, id, text) => ({ kind, id, found: { digest: sha256(text), mediaType: "x", source: "x", at: AT, served: false, also: [] } });
  world.answers.push(...dids.map(([did, text]) => found("did-document", did, text)), ...Object.entries(documents).map(([name, text]) => found("credential", name, text)));
  const members = new Map(Object.entries({
    "answers.json": canonical({ answers: world.answers, arrived: [] }),
    "pack.toml": "",
    "question.json": canonical(world.question),
    "report.json": `${JSON.stringify(world.report, null, 2)}\n`,
    "trust.json": canonical(world.trust),
  }));
  for (const text of [...Object.values(documents), ...dids.map(([, text]) => text)]) members.set(`documents/${sha256(text)}`, text);
  packed(members, world);
  const sorted = [...members].sort(([one], [other]) => (one < other ? -1 : 1));
  const listed = { type: "tracenode-bundle-1", members: Object.fromEntries(sorted.map(([name, text]) => [name, sha256(text)])) };
  manifest(listed);
  return zipOf([["manifest.json", canonical(listed)], ...sorted]).bytes;
}

function question() {
  return { at: AT, claims: null, identifier: LOT, known: null, lookups: 1, policy: {} };
}

// Steps and documents get their numbers.
function number(world, documents) {
  const names = Object.keys(world.steps);
  const used = [...new Set(Object.values(world.steps).flatMap(([, from]) => from.filter(Array.isArray).map(([name]) => name)))];
  const source = (one) => (Array.isArray(one) ? [used.indexOf(one[0]), one[1]] : names.indexOf(one));
  const steps = Object.values(world.steps).map(([rule, from, value, party = "", say = ""]) => ({ rule, from: from.map(source), party, say, value }));
  world.report.derivation = { documents: used.map((name) => sha256(documents[name])), steps };
  for (const one of world.report.claims) if (typeof one.derivation === "string") one.derivation = names.indexOf(one.derivation);
}
