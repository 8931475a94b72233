// A token is signed by who it says, with a key of that DID, or it is not passed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkToken, isToken, openToken } from "../../../../node/web/checker/jws.js";
import { parseJson } from "../../../../node/web/checker/json.js";
import { Refused, Unchecked } from "../../../../node/web/checker/refused.js";
import { base64urlOf, didDocument, didJwk, didKey, newKey, tokenOf } from "./signing.mjs";

const WEB = "did:web:mill.example";
const bytesOf = (text) => new TextEncoder().encode(text);
const documents = (...list) => new Map(list.map((one) => [one.id, parseJson(bytesOf(JSON.stringify(one)), "here")]));
const check = (token, known = new Map()) => checkToken(openToken(bytesOf(token), "here"), known, "here");

for (const alg of ["EdDSA", "ES256", "ES384"]) {
  test(`${alg}: by did:key, did:jwk, and the key of a DID document in either form`, async () => {
    const key = await newKey(alg);
    for (const { did, kid } of [didKey(key), didJwk(key)]) {
      assert.equal((await check(await tokenOf({ issuer: did }, key, kid))).issuer, did);
    }
    const token = await tokenOf({ issuer: { id: WEB } }, key, `${WEB}#k`);
    for (const asJwk of [true, false]) {
      assert.equal((await check(token, documents(didDocument(WEB, key, { asJwk })))).issuer, WEB);
    }
  });

  test(`${alg}: another payload, another key, another signature is refused`, async () => {
    const [key, other] = [await newKey(alg), await newKey(alg)];
    const { did, kid } = didKey(key);
    const token = await tokenOf({ issuer: did, amount: 1 }, key, kid);
    const [header, , signature] = token.split(".");
    await assert.rejects(check(`${header}.${base64urlOf(JSON.stringify({ issuer: did, amount: 2 }))}.${signature}`), Refused);
    await assert.rejects(check(await tokenOf({ issuer: did }, other, kid)), Refused);
    await assert.rejects(check(`${header}.${token.split(".")[1]}.${"A".repeat(signature.length)}`), Refused);
  });
}

test("who signs is who issues", async () => {
  const key = await newKey("EdDSA");
  const { kid } = didKey(key);
  await assert.rejects(check(await tokenOf({ issuer: WEB }, key, kid), documents(didDocument(WEB, key))), Refused);
  await assert.rejects(check(await tokenOf({ issuer: WEB, iss: "did:web:other.example" }, key, `${WEB}#k`), documents(didDocument(WEB, key))), Refused);
});

test("an algorithm that is not the key's is refused, none above all", async () => {
  const key = await newKey("ES256");
  const { did, kid } = didKey(key);
  for (const alg of ["none", "HS256", "EdDSA", "ES384", ""]) {
    await assert.rejects(check(await tokenOf({ issuer: did }, key, kid, { alg })), Refused);
  }
});

test("a key that may not make assertions, or that somebody else controls, signs nothing", async () => {
  const key = await newKey("ES256");
  const token = await tokenOf({ issuer: WEB }, key, `${WEB}#k`);
  const silent = { ...didDocument(WEB, key), assertionMethod: [], authentication: [`${WEB}#k`] };
  await assert.rejects(check(token, documents(silent)), Unchecked);
  const foreign = didDocument(WEB, key);
  foreign.verificationMethod[0].controller = "did:web:other.example";
  await assert.rejects(check(token, documents(foreign)), Refused);
});

test("what cannot be told is not passed: no DID document, a method or a header that is not known", async () => {
  const key = await newKey("EdDSA");
  await assert.rejects(check(await tokenOf({ issuer: WEB }, key, `${WEB}#k`)), Unchecked);
  await assert.rejects(check(await tokenOf({ issuer: "did:ion:x" }, key, "did:ion:x#k")), Unchecked);
  const { did, kid } = didKey(key);
  await assert.rejects(check(await tokenOf({ issuer: did }, key, kid, { crit: ["b64"], b64: false })), Unchecked);
  await assert.rejects(check(await tokenOf({ issuer: did }, key, kid, { typ: "sd-jwt" })), Unchecked);
  await assert.rejects(check(await tokenOf({ issuer: did }, key, undefined)), Unchecked);
});

test("a signature can be written in one way only", async () => {
  const key = await newKey("EdDSA");
  const { did, kid } = didKey(key);
  const token = await tokenOf({ issuer: did }, key, kid);
  const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(token.at(-1));
  const twin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last ^ 1];
  assert.throws(() => openToken(bytesOf(token.slice(0, -1) + twin), "here"), Refused);
  for (const edited of [`${token}=`, `${token}\n`, token.replace(".", ".."), "", "a.b"]) assert.equal(isToken(bytesOf(edited)), false);
});
