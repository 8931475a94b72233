// The documents of a bundle: what each is, who signed it, and what nobody looked at.
import { Refused, Unchecked, need } from "./refused.js";
import { member, parseJson } from "./json.js";
import { checkToken, isToken, openToken } from "./jws.js";

const CREDENTIAL = "VerifiableCredential";
const PROOF = "Its RDF Data Integrity proof is not checked.";
const FORM = "It is signed in a form that is not checked here.";

// Every document by digest: `state` is signed (with issuer, key, credential), bad or unchecked (with why), or plain.
export async function readDocuments(members, answers, progress) {
  const bodies = new Map();
  for (const [name, body] of members) {
    if (name.startsWith("documents/")) bodies.set(name.slice("documents/".length), body);
  }
  const dids = didDocuments(bodies, answers);
  const documents = new Map();
  for (const [digest, body] of bodies) {
    documents.set(digest, await readDocument(body, dids));
    progress(documents.size, bodies.size);
  }
  return documents;
}

// The DID documents that were looked up, by their DID: the one that answered first.
function didDocuments(bodies, answers) {
  const found = new Map();
  for (const answer of answers) {
    const digest = member(member(answer, "found"), "digest");
    if (member(answer, "kind") !== "did-document" || !bodies.has(digest)) continue;
    const document = jsonOr(bodies.get(digest), undefined);
    const did = member(answer, "id");
    if (member(document, "id") === did && !found.has(did)) found.set(did, document);
  }
  return found;
}

async function readDocument(body, dids) {
  if (!isToken(body)) return unsigned(jsonOr(body, null));
  try {
    const token = openToken(body, "token");
    need(token.header instanceof Map && token.payload instanceof Map, "token", "It holds no credential.");
    const { issuer, key } = await checkToken(token, dids, "token");
    return { state: "signed", credential: token.payload, issuer, key };
  } catch (error) {
    if (error instanceof Unchecked) return { state: "unchecked", why: error.message };
    if (!(error instanceof Refused) || error.place === "browser") throw error;
    return { state: "bad", why: error.sentence };
  }
}

function unsigned(value) {
  if (value === null) return { state: "unchecked", why: FORM };
  if (member(value, "proof") !== undefined) return { state: "unchecked", why: PROOF, credential: value };
  const types = [member(value, "type")].flat();
  return types.includes(CREDENTIAL) ? { state: "bad", why: "It is a credential that nobody signed." } : { state: "plain" };
}

function jsonOr(body, otherwise) {
  try {
    return parseJson(body, "document");
  } catch (error) {
    if (error instanceof Refused) return otherwise;
    throw error;
  }
}
