// One bundle from its bytes to what is shown: the only door of the program, without a page.
import { Refused, need } from "./refused.js";
import { sameBytes, bytesOf, sha256 } from "./bytes.js";
import { readZip } from "./zip.js";
import { canonicalJson, indentedJson, listOf, member, parseJson } from "./json.js";
import { readDocuments } from "./documents.js";
import { readSteps } from "./steps.js";
import { replayed } from "./replay.js";
import { Statements, checkFacts } from "./facts.js";
import { Doubts } from "./liars.js";
import { shownClaim, wordOf } from "./verdicts.js";

const TYPE = "tracenode-bundle-1";
const CANONICAL = ["manifest.json", "question.json", "trust.json", "answers.json"];
const FIXED = ["answers.json", "pack.toml", "question.json", "report.json", "trust.json"];

// {state: "shown" | "partly" | "refused", …}: refused has `place` and `sentence`, the others what is shown.
export async function checkBundle(bytes, { progress = () => {} } = {}) {
  try {
    return await checked(bytes, progress);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { state: "refused", place: error.place, sentence: error.sentence };
  }
}

async function checked(bytes, progress) {
  const members = readZip(bytes);
  for (const name of FIXED) need(members.has(name), name, "The bundle has no such member.");
  await checkManifest(members, progress);
  const json = new Map([...CANONICAL, "report.json"].map((name) => [name, readJson(members, name)]));
  const question = readQuestion(json.get("question.json"));
  const answers = readAnswers(json.get("answers.json"), members);
  const report = json.get("report.json");
  const documents = await readDocuments(members, answers, (done, all) => progress("documents", done, all));
  return judged({ report, question, documents, trust: json.get("trust.json"), progress });
}

async function checkManifest(members, progress) {
  const manifest = parseJson(members.get("manifest.json"), "manifest.json");
  need(member(manifest, "type") === TYPE && manifest.size === 2, "manifest.json", "It is of another type.");
  const listed = member(manifest, "members");
  const named = listed instanceof Map && listed.size === members.size - 1;
  need(named, "manifest.json", "It does not list the members that are there.");
  let done = 0;
  for (const [name, body] of members) {
    if (name === "manifest.json") continue;
    const digest = await sha256(body);
    need(listed.get(name) === digest, "manifest.json", `It has another digest of ${name}.`);
    const own = !name.startsWith("documents/") || name === `documents/${digest}`;
    need(own, name, "It is not named by its digest.");
    progress("digests", ++done, listed.size);
  }
}

function readJson(members, name) {
  const value = parseJson(members.get(name), name);
  const written = name === "report.json" ? `${indentedJson(value)}\n` : canonicalJson(value);
  need(sameBytes(bytesOf(written), members.get(name)), name, "It is not written as the bundle has it.");
  need(value instanceof Map, name, "It is no object.");
  return value;
}

function readQuestion(question) {
  const names = "at,claims,identifier,known,lookups,policy";
  need([...question.keys()].sort().join() === names, "question.json", "It asks for other things.");
  const [identifier, at] = [question.get("identifier"), question.get("at")];
  const moment = typeof at === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at);
  need(typeof identifier === "string" && moment, "question.json", "It names no thing or no moment.");
  return { identifier, at, known: question.get("known") ?? at };
}

// The answers, each found or absent; every document is one that was found, and every one found is there.
function readAnswers(written, members) {
  const answers = written.get("answers");
  const arrived = written.get("arrived");
  const listed = Array.isArray(answers) && Array.isArray(arrived);
  const shaped = listed && answers.every(isAnswer) && arrived.every((one) => typeof member(one, "digest") === "string");
  need(shaped, "answers.json", "It is not shaped as answers are.");
  const named = new Set([...answers.flatMap(digestsOf), ...arrived.flatMap(digestsOf)]);
  const held = [...members.keys()].filter((name) => name.startsWith("documents/")).map((name) => name.slice(10));
  for (const digest of named) need(members.has(`documents/${digest}`), "answers.json", "It names a document that is not there.");
  for (const digest of held) need(named.has(digest), "answers.json", "It does not name a document that is there.");
  return answers;
}

function isAnswer(answer) {
  const texts = typeof member(answer, "kind") === "string" && typeof member(answer, "id") === "string";
  return texts && (member(answer, "found") instanceof Map) !== (member(answer, "absent") instanceof Map);
}

// Every digest of documents that an answer names, also within `also`.
function digestsOf(value) {
  if (!(value instanceof Map)) return [];
  const own = value.get("digest");
  const within = ["found", "absent", "also"].flatMap((name) => listOf(value.get(name)).flatMap(digestsOf));
  return typeof own === "string" ? [own, ...within] : within;
}

function judged({ report, question, documents, trust, progress }) {
  const same = ["at", "known"].every((name) => report.get(name) === question[name]);
  need(report.get("target") === question.identifier && same, "report.json", "It answers another question.");
  const told = report.get("claims");
  need(Array.isArray(told) && told.every((one) => one instanceof Map), "report.json", "It has no claims.");
  const ends = told.map((claim) => claim.get("derivation")).filter((end) => end !== null);
  const derivation = readSteps(report.get("derivation"), ends.map((end) => end?.text));
  const { steps } = derivation;
  const values = replayed(steps);
  const statements = new Statements(derivation.documents, documents, question);
  checkFacts(steps, statements, trust);
  const context = { steps, values, documents, statements, doubts: new Doubts(steps, values) };
  const claims = told.map((claim, index) => {
    progress("claims", index + 1, told.length);
    return shownClaim(claim, context);
  });
  const roots = [...new Set(steps.filter((step) => step.rule === "listed").map((step) => step.party))];
  return { ...outcome({ report, question, documents, claims }), roots };
}

function outcome({ report, question, documents, claims }) {
  const word = report.get("word");
  const byClaims = wordOf(claims.map((claim) => claim.told));
  const stopped = byClaims === "VERIFIED" && word === "PARTIALLY VERIFIED";
  need(word === byClaims || stopped, "report.json", "Its word does not follow from those of its claims.");
  const good = claims.filter((claim) => claim.isGood);
  const states = [...documents.values()];
  return {
    state: good.every((claim) => claim.shown) ? "shown" : "partly",
    identifier: question.identifier,
    at: question.at,
    told: word,
    word: stopped ? word : wordOf(claims.map((claim) => claim.word)),
    claims,
    signed: states.filter((one) => one.state === "signed").length,
    bad: states.filter((one) => one.state === "bad").map((one) => one.why),
    unchecked: states.filter((one) => one.state === "unchecked").map((one) => one.why),
  };
}
