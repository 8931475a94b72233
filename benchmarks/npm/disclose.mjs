// Makes ecdsa-sd-2023 base proofs of one draft and verifies one derived credential, again and again.
// stdin: {"draft", "credential", "pointers", "documents": {url: document}, "seconds"};
// stdout: {"sign", "verify", "verified", "error"}, CPU milliseconds of one call.
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import jsigs from 'jsonld-signatures';

const {draft, credential, pointers, documents, seconds} = JSON.parse(readFileSync(0, 'utf8'));
const {AssertionProofPurpose} = jsigs.purposes;

async function documentLoader(url) {
  if(!(url in documents)) {
    throw new Error(`not pinned: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents[url], tag: 'static'};
}

const keyPair = await EcdsaMultikey.generate({curve: 'P-256'});
const signer = keyPair.signer();
signer.id = `did:key:${keyPair.publicKeyMultibase}#${keyPair.publicKeyMultibase}`;

function sign() {
  const cryptosuite = createSignCryptosuite({mandatoryPointers: pointers});
  const suite = new DataIntegrityProof({signer, cryptosuite});
  return jsigs.sign(structuredClone(draft), {suite, purpose: new AssertionProofPurpose(), documentLoader});
}

function verify() {
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  return jsigs.verify(structuredClone(credential), {suite, purpose: new AssertionProofPurpose(), documentLoader});
}

const milliseconds = start => {
  const {user, system} = process.cpuUsage(start);
  return (user + system) / 1000;
};

async function median(work) {
  await work();
  await work();
  const calls = [];
  const end = Date.now() + seconds * 1000;
  while(Date.now() < end) {
    const start = process.cpuUsage();
    await work();
    calls.push(milliseconds(start));
  }
  calls.sort((a, b) => a - b);
  return calls[calls.length >> 1];
}

const result = await verify();
const error = result.verified ? null : String(result.error?.errors?.[0] ?? result.error);
const times = result.verified ? {sign: await median(sign), verify: await median(verify)} : {};
console.log(JSON.stringify({...times, verified: result.verified, error}));
