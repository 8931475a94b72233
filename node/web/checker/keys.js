// Public keys by did:key, did:jwk and by the DID documents of the bundle (DID Core 1.0; Controlled Identifiers 1.0).
import { known, need } from "./refused.js";
import { bytesOf, fromBase58, fromBase64url, sha256, toBase64url } from "./bytes.js";
import { listOf, member, parseJson } from "./json.js";

const CURVES = {
  "P-256": {
    alg: "ES256",
    hash: "SHA-256",
    size: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  "P-384": {
    alg: "ES384",
    hash: "SHA-384",
    size: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
};
// The multicodec prefixes of Multikey (Controlled Identifiers 1.0, section 2.2.2).
const MULTICODECS = { "237,1": "Ed25519", "128,36": "P-256", "129,36": "P-384" };

// A key: its curve, the algorithm that goes with it, its bytes as WebCrypto takes them, its RFC 7638 thumbprint.
async function keyOf(curve, raw, place) {
  if (curve === "Ed25519") {
    need(raw.length === 32, place, "A key has another length than its kind.");
    const print = `{"crv":"Ed25519","kty":"OKP","x":"${toBase64url(raw)}"}`;
    return { alg: "EdDSA", raw, importing: { name: "Ed25519" }, verifying: { name: "Ed25519" }, print: await thumbprint(print) };
  }
  const { alg, hash, size } = CURVES[curve];
  need(raw.length === 2 * size + 1 && raw[0] === 4, place, "A key has another length than its kind.");
  const [x, y] = [toBase64url(raw.subarray(1, size + 1)), toBase64url(raw.subarray(size + 1))];
  const print = await thumbprint(`{"crv":"${curve}","kty":"EC","x":"${x}","y":"${y}"}`);
  return { alg, raw, importing: { name: "ECDSA", namedCurve: curve }, verifying: { name: "ECDSA", hash }, print };
}

async function thumbprint(text) {
  const hex = await sha256(bytesOf(text));
  return toBase64url(Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)));
}

export async function keyOfJwk(jwk, place) {
  const [kind, curve, x, y] = ["kty", "crv", "x", "y"].map((name) => member(jwk, name));
  if (kind === "OKP" && curve === "Ed25519" && typeof x === "string") {
    return keyOf(curve, fromBase64url(x, place), place);
  }
  const elliptic = kind === "EC" && Object.hasOwn(CURVES, curve) && typeof x === "string" && typeof y === "string";
  known(elliptic, "A key is of a kind that is not checked here.");
  return keyOf(curve, Uint8Array.from([4, ...fromBase64url(x, place), ...fromBase64url(y, place)]), place);
}

export async function keyOfMultibase(text, place) {
  known(typeof text === "string" && text.startsWith("z"), "A key is written in a way that is not read here.");
  const bytes = fromBase58(text.slice(1), place);
  const curve = MULTICODECS[`${bytes[0]},${bytes[1]}`];
  known(curve !== undefined, "A key is of a kind that is not checked here.");
  const raw = bytes.subarray(2);
  return keyOf(curve, curve === "Ed25519" ? raw : uncompressed(CURVES[curve], raw, place), place);
}

// The point of a compressed key (SEC 1, section 2.3.4): both primes are 3 modulo 4.
function uncompressed({ size, prime, b }, raw, place) {
  need(raw.length === size + 1 && (raw[0] === 2 || raw[0] === 3), place, "A key is no compressed point.");
  const x = numberOf(raw.subarray(1));
  need(x < prime, place, "A key is no point of its curve.");
  const square = (((x * x - 3n) % prime) * x + b) % prime;
  const root = power((square + prime) % prime, (prime + 1n) / 4n, prime);
  need((root * root - square) % prime === 0n, place, "A key is no point of its curve.");
  const y = root % 2n === BigInt(raw[0] - 2) ? root : prime - root;
  const digits = y.toString(16).padStart(2 * size, "0");
  return Uint8Array.from([4, ...raw.subarray(1), ...digits.match(/../g).map((pair) => parseInt(pair, 16))]);
}

function numberOf(bytes) {
  return bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}

function power(number, exponent, prime) {
  let value = 1n;
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) value = (value * number) % prime;
    number = (number * number) % prime;
  }
  return value;
}

// The key that a `kid` names: of the DID itself, or of its document, where it may make assertions.
export async function keyNamed(kid, didDocuments, place) {
  const [did, fragment = ""] = kid.split("#", 2);
  if (did.startsWith("did:key:")) {
    const text = did.slice("did:key:".length);
    need(fragment === text, place, "The token names another key than its did:key is.");
    return keyOfMultibase(text, place);
  }
  if (did.startsWith("did:jwk:")) {
    need(fragment === "0", place, "The token names another key than its did:jwk is.");
    return keyOfJwk(parseJson(fromBase64url(did.slice("did:jwk:".length), place), place), place);
  }
  known(did.startsWith("did:web:"), "Its DID is of a method that is not checked here.");
  const document = didDocuments.get(did);
  known(document !== undefined, "The bundle has no DID document of who signed it.");
  return keyOfMethod(methodOf(document, did, kid, place), place);
}

function methodOf(document, did, kid, place) {
  const full = (id) => (typeof id === "string" && id.startsWith("#") ? did + id : id);
  const asserting = listOf(member(document, "assertionMethod"));
  const embedded = asserting.filter((method) => method instanceof Map);
  const named = asserting.some((method) => full(method) === kid);
  const methods = named ? listOf(member(document, "verificationMethod")) : embedded;
  const found = methods.filter((method) => full(member(method, "id")) === kid);
  known(found.length === 1, "The DID document lets no key of that name make assertions.");
  need(member(found[0], "controller") === did, place, "The key is controlled by somebody else.");
  const lasting = member(found[0], "revoked") === undefined && member(found[0], "expires") === undefined;
  known(lasting, "The key has an end: whether it signed before is not told apart here.");
  return found[0];
}

function keyOfMethod(method, place) {
  const jwk = member(method, "publicKeyJwk");
  return jwk === undefined ? keyOfMultibase(member(method, "publicKeyMultibase"), place) : keyOfJwk(jwk, place);
}
