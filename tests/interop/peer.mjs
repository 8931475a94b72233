// Other people's implementations behind one line of JSON: {"task", …} on stdin, {"ok": …} on stdout.
// Nothing is looked up over the network: contexts and DID documents come with the question.

import * as vc from '@digitalbazaar/vc';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaRdfc from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as eddsaRdfc from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as jose from 'jose';
import jsonld from 'jsonld';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';

const SUITES = {
  'eddsa-rdfc-2022': [eddsaRdfc.cryptosuite, eddsaRdfc.cryptosuite, Ed25519Multikey],
  'eddsa-jcs-2022': [() => eddsaJcs.createSignCryptosuite(), () => eddsaJcs.createVerifyCryptosuite(), Ed25519Multikey],
  'ecdsa-rdfc-2019': [ecdsaRdfc.cryptosuite, ecdsaRdfc.cryptosuite, EcdsaMultikey],
  'ecdsa-jcs-2019': [() => ecdsaJcs.createSignCryptosuite(), () => ecdsaJcs.createVerifyCryptosuite(), EcdsaMultikey],
  'ecdsa-sd-2023': [
    () => ecdsaSd.createSignCryptosuite({mandatoryPointers: ['/issuer']}),
    () => ecdsaSd.createVerifyCryptosuite(),
    EcdsaMultikey,
  ],
};

const made = maker => typeof maker === 'function' ? maker() : maker;

function loader(documents) {
  return async url => {
    const document = documents[url];
    if(!document) {
      throw new Error(`not at hand: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

const TASKS = {
  async sign({suite, key, credential, documents, pointers, now}) {
    const [maker, , keys] = SUITES[suite];
    const signer = (await keys.from(key)).signer();
    const proof = new DataIntegrityProof({signer, cryptosuite: made(maker), date: now});
    const documentLoader = loader(documents);
    const issued = await vc.issue({credential, suite: proof, documentLoader, now});
    if(!pointers) {
      return issued;
    }
    const cryptosuite = ecdsaSd.createDiscloseCryptosuite({selectivePointers: pointers});
    return vc.derive({verifiableCredential: issued, suite: new DataIntegrityProof({cryptosuite}), documentLoader});
  },

  async verify({suite, credential, documents, now}) {
    const cryptosuite = made(SUITES[suite][1]);
    const proof = new DataIntegrityProof({cryptosuite});
    const result = await vc.verifyCredential({credential, suite: proof, documentLoader: loader(documents), now});
    return {verified: result.verified, error: result.error && String(result.error.errors?.[0] ?? result.error)};
  },

  async present({suite, key, presentation, domain, challenge, documents, now}) {
    const [maker, , keys] = SUITES[suite];
    const signer = (await keys.from(key)).signer();
    const proof = new DataIntegrityProof({signer, cryptosuite: made(maker), date: now});
    return vc.signPresentation({presentation, suite: proof, domain, challenge, documentLoader: loader(documents)});
  },

  async verifyPresentation({suites, presentation, domain, challenge, documents, now}) {
    const suite = suites.map(name => new DataIntegrityProof({cryptosuite: made(SUITES[name][1])}));
    const result = await vc.verify({presentation, suite, domain, challenge, documentLoader: loader(documents), now});
    return {verified: result.verified, error: result.error && String(result.error.errors?.[0] ?? result.error)};
  },

  async derive({credential, pointers, documents}) {
    const cryptosuite = ecdsaSd.createDiscloseCryptosuite({selectivePointers: pointers});
    const suite = new DataIntegrityProof({cryptosuite});
    return vc.derive({verifiableCredential: credential, suite, documentLoader: loader(documents)});
  },

  // The official samples repeat blank nodes: the default work limit refuses them, so it is raised as documented.
  async canonize({document, documents}) {
    const options = {algorithm: 'RDFC-1.0', safe: true, maxWorkFactor: 2, documentLoader: loader(documents)};
    try {
      return {canonical: await jsonld.canonize(document, options)};
    } catch(error) {
      return {refused: String(error.details?.event?.code ?? error.code ?? error)};
    }
  },

  async signToken({alg, jwk, kid, payload}) {
    const key = await jose.importJWK(jwk, alg);
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    return new jose.CompactSign(bytes).setProtectedHeader({alg, kid, typ: 'vc+jwt', cty: 'vc'}).sign(key);
  },

  async verifyToken({alg, jwk, token}) {
    try {
      const key = await jose.importJWK(jwk, alg);
      const {payload, protectedHeader} = await jose.compactVerify(token, key, {algorithms: [alg]});
      return {verified: true, header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload))};
    } catch(error) {
      return {verified: false, error: String(error)};
    }
  },
};

let asked = '';
for await (const chunk of process.stdin) {
  asked += chunk;
}
const answers = [];
for(const question of JSON.parse(asked)) {
  try {
    answers.push({ok: await TASKS[question.task](question)});
  } catch(error) {
    answers.push({error: `${error.stack ?? error} ${JSON.stringify(error.details ?? error.errors ?? null)}`});
  }
}
process.stdout.write(JSON.stringify(answers));
