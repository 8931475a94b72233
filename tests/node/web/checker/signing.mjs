// Keys and tokens for tests, by WebCrypto alone.
import { toBase64url } from "../../../../node/web/checker/bytes.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const KINDS = {
  EdDSA: { made: { name: "Ed25519" }, signing: { name: "Ed25519" }, codec: [0xed, 1] },
  ES256: { made: { name: "ECDSA", namedCurve: "P-256" }, signing: { name: "ECDSA", hash: "SHA-256" }, codec: [0x80, 0x24] },
  ES384: { made: { name: "ECDSA", namedCurve: "P-384" }, signing: { name: "ECDSA", hash: "SHA-384" }, codec: [0x81, 0x24] },
};

export function base64urlOf(text) {
  return toBase64url(new TextEncoder().encode(text));
}

function base58(bytes) {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = "";
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return text;
}

export async function newKey(alg) {
  const { made, codec } = KINDS[alg];
  const pair = await crypto.subtle.generateKey(made, true, ["sign", "verify"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const point = raw.length === 32 ? raw : [2 + (raw.at(-1) & 1), ...raw.subarray(1, (raw.length + 1) / 2)];
  const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y };
  return { alg, secret: pair.privateKey, jwk, multibase: `z${base58([...codec, ...point])}` };
}

export function didKey({ multibase }) {
  return { did: `did:key:${multibase}`, kid: `did:key:${multibase}#${multibase}` };
}

export function didJwk({ jwk }) {
  const did = `did:jwk:${base64urlOf(JSON.stringify(jwk))}`;
  return { did, kid: `${did}#0` };
}

// A DID document of a did:web with one key, as a Multikey or as a JWK.
export function didDocument(did, key, { asJwk = false } = {}) {
  const form = asJwk ? { type: "JsonWebKey", publicKeyJwk: key.jwk } : { type: "Multikey", publicKeyMultibase: key.multibase };
  return { id: did, verificationMethod: [{ id: `${did}#k`, controller: did, ...form }], assertionMethod: [`${did}#k`] };
}

export async function tokenOf(credential, key, kid, header = {}) {
  const parts = [{ alg: key.alg, kid, typ: "vc+jwt", ...header }, credential].map((part) => base64urlOf(JSON.stringify(part)));
  const signed = new TextEncoder().encode(parts.join("."));
  const signature = await crypto.subtle.sign(KINDS[key.alg].signing, key.secret, signed);
  return `${parts.join(".")}.${toBase64url(new Uint8Array(signature))}`;
}
