// Verifies one eddsa-rdfc-2022 credential again and again with Digital Bazaar's packages.
// stdin: {"credential", "documents": {url: document}, "seconds"}; stdout: {"ms", "verified", "error"}, CPU of one call.
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as eddsa} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

const {credential, documents, seconds} = JSON.parse(readFileSync(0, 'utf8'));

// The published samples repeat blank nodes; the default work limit refuses them, so it is raised as documented.
const cryptosuite = {
  ...eddsa,
  canonize: (input, options) => eddsa.canonize(input, {...options, maxWorkFactor: 2}),
};

async function documentLoader(url) {
  if(!(url in documents)) {
    throw new Error(`not pinned: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents[url], tag: 'static'};
}

async function verify() {
  const suite = new DataIntegrityProof({cryptosuite});
  return vc.verifyCredential({credential: structuredClone(credential), suite, documentLoader});
}

const milliseconds = start => {
  const {user, system} = process.cpuUsage(start);
  return (user + system) / 1000;
};

let result;
for(let warm = 0; warm < 5; ++warm) {
  result = await verify();
}
const calls = [];
const end = Date.now() + seconds * 1000;
while(Date.now() < end) {
  const start = process.cpuUsage();
  await verify();
  calls.push(milliseconds(start));
}
calls.sort((a, b) => a - b);
const error = result.verified ? null : String(result.error?.errors?.[0] ?? result.error);
console.log(JSON.stringify({ms: calls[calls.length >> 1], verified: result.verified, error}));
