// Tokens: compact JWS (RFC 7515) whose payload is a credential (Securing VCs using JOSE and COSE, section 3.1.1).
import { Refused, known, need } from "./refused.js";
import { bytesOf, fromBase64url, textOf } from "./bytes.js";
import { member, parseJson } from "./json.js";
import { keyNamed } from "./keys.js";

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const HEADERS = new Set(["alg", "kid", "typ", "cty", "iss"]);
const TYPES = new Set(["vc+jwt", "application/vc+jwt", undefined]);

export function isToken(bytes) {
  return bytes.length > 0 && bytes.every((byte) => byte < 128) && COMPACT.test(textOf(bytes, "token"));
}

// The token's parts, before anybody asked who signed it.
export function openToken(bytes, place) {
  const [header, payload, signature] = textOf(bytes, place).split(".");
  return {
    header: parseJson(fromBase64url(header, place), place),
    payload: parseJson(fromBase64url(payload, place), place),
    signed: bytesOf(`${header}.${payload}`),
    signature: fromBase64url(signature, place),
  };
}

export function issuerOf(credential) {
  const issuer = member(credential, "issuer");
  return issuer instanceof Map ? issuer.get("id") : issuer;
}

// Who issued the token and with which key; refused where that cannot be told or the signature is not right.
export async function checkToken(token, didDocuments, place) {
  const { header, payload, signature, signed } = token;
  for (const name of header.keys()) known(HEADERS.has(name), "Its header asks for something not known here.");
  known(TYPES.has(header.get("typ")), "It is a token of another kind.");
  const issuer = issuerOf(payload);
  const [kid, claimed] = [header.get("kid"), payload.get("iss") ?? header.get("iss") ?? issuer];
  known(typeof issuer === "string" && typeof kid === "string", "It does not say who issued it or with which key.");
  const did = kid.split("#", 1)[0];
  need(did === issuer && claimed === issuer, place, "It is signed by another party than it says.");
  const key = await keyNamed(kid, didDocuments, place);
  need(key.alg === header.get("alg"), place, "Its algorithm does not go with its key.");
  need(await isSignedBy(key, signature, signed), place, "Its signature is not right.");
  return { issuer, key };
}

async function isSignedBy(key, signature, signed) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.raw, key.importing, false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError") throw new Refused("browser", `It knows no ${key.alg}: use a newer one.`);
    return false; // no point of its curve
  }
  return crypto.subtle.verify(key.verifying, imported, signature, signed);
}
