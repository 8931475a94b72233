// A whole bundle, signed here with keys of three kinds: it is shown, and no other one is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBundle } from "../../../../node/web/checker/bundle.js";
import { NAMES, bundle, sha256 } from "./world.mjs";

const { ROOT, MAKER, SPINNER, ASSESSOR, LOT, METRIC } = NAMES;
const check = async (edits) => checkBundle(await bundle(edits));

test("the bundle is shown with its word, its share and who would have to lie", async () => {
  const told = await check({});
  assert.equal(told.state, "shown", `${told.place} ${told.sentence} ${told.claims?.[0].why}`);
  const [claim] = told.claims;
  assert.deepEqual([told.word, `${claim.least}`, `${claim.claimed}`], ["VERIFIED", "3/5", "1/2"]);
  assert.deepEqual(claim.sets, [[ASSESSOR], [MAKER]]);
  assert.deepEqual(claim.vouching, [ROOT]);
});

const documents = (members) => [...members.keys()].filter((name) => name.startsWith("documents/"));
const PACKED = {
  "no trust list": (members) => members.delete("trust.json"),
  "a document that nobody named": (members) => members.set(`documents/${"0".repeat(64)}`, "x"),
  "a document under the digest of another": (members) => members.set(documents(members)[0], members.get(documents(members)[1])),
  "a document that is not there": (members) => members.delete(documents(members)[0]),
  "JSON that is not canonical": (members) => members.set("trust.json", `${members.get("trust.json")} `),
  "a trust list that is a list": (members) => members.set("trust.json", "[]"),
  "a report in another writing": (members) => members.set("report.json", members.get("report.json").replace("  ", "   ")),
  "answers of another shape": (members) => members.set("answers.json", '{"answers":[null],"arrived":[]}'),
  "answers that are both": (members) => members.set("answers.json", members.get("answers.json").replace('{"found"', '{"absent":{},"found"')),
};
for (const [what, packed] of Object.entries(PACKED)) {
  test(`a bundle is refused: ${what}`, async () => assert.equal((await check({ packed })).state, "refused"));
}

const MANIFESTS = {
  "of another type": (manifest) => (manifest.type = "tracenode-bundle-2"),
  "with more members": (manifest) => (manifest.more = {}),
  "that lists one more": (manifest) => (manifest.members[`documents/${"0".repeat(64)}`] = "0".repeat(64)),
  "that lists one less": (manifest) => delete manifest.members["pack.toml"],
  "with another digest": (manifest) => (manifest.members["pack.toml"] = "0".repeat(64)),
};
for (const [what, manifest] of Object.entries(MANIFESTS)) {
  test(`a manifest ${what} is refused`, async () => assert.equal((await check({ manifest })).state, "refused"));
}

const subject = (world, name) => world.drafts[name][1].credentialSubject;
const assessment = (world) => subject(world, "certificate").conformityAssessment[0];
const claim = (world) => world.report.claims[0];
const REFUSED = {
  "another question": (world) => (world.question.identifier = `${LOT}/2`),
  "a question with more to it": (world) => (world.question.more = 1),
  "a question of no moment": (world) => (world.question.at = world.report.at = world.report.known = "now"),
  "a question of another moment": (world) => (world.report.at = "2026-06-02T12:00:00Z"),
  "a word that no claim has": (world) => (claim(world).verdict = "PROVEN"),
  "a better word than its claims": (world) => ((claim(world).verdict = "PARTIALLY VERIFIED"), (world.report.word = "VERIFIED")),
  "a band that is none": (world) => (claim(world).value = [0.6, 0.5]),
  "a band beyond all": (world) => (claim(world).value = [0.6, 1.1]),
  "more than is proven": (world) => (claim(world).value = [0.61, 0.7]),
  "something proven by nothing": (world) => Object.assign(claim(world), { derivation: null, verdict: "UNVERIFIABLE" }),
  "a claim that ends in no step": (world) => (claim(world).derivation = 99),
  "a claim that ends in a licence": (world) => (world.steps = { key: ["key", [], "known", ROOT] }) && (claim(world).derivation = "key"),
  "a claim that nobody makes": (world) => (claim(world).id = `${LOT}/recycled`),
  "a claim by another party": (world) => (claim(world).says = SPINNER),
  "less than is claimed": (world) => (subject(world, "shirt").performanceClaim[0].claimedPerformance[0].measure.value = 61),
  "a criterion that nobody assessed": (world) => subject(world, "shirt").performanceClaim[0].referenceCriteria.push({ id: "https://scheme.example/more" }),
  "nobody who would have to lie": (world) => (claim(world).holdsUnless = null),
  "a liar left out": (world) => claim(world).holdsUnless.sets.pop(),
  "a party on whom nothing rests": (world) => claim(world).rests.push({ party: SPINNER, share: 0.1 }),
  "an assessment that does not conform": (world) => (assessment(world).conformance = false),
  "an assessment by nobody independent": (world) => (subject(world, "certificate").assessorLevel = "self"),
  "an assessment after the question": (world) => (assessment(world).assessmentDate = "2026-06-02"),
  "another figure": (world) => (assessment(world).assessedPerformance[0].measure.value = 99),
  "a figure less a tolerance": (world) => (assessment(world).assessedPerformance[0].measure.lowerTolerance = 1),
  "a figure of another metric": (world) => (assessment(world).assessedPerformance[0].metric.id = `${METRIC}/2`),
  "an amount in another unit": (world) => (subject(world, "making").inputProduct[0].quantity.unit = "TNE"),
  "an amount with a tolerance": (world) => (subject(world, "making").inputProduct[0].quantity.upperTolerance = 1),
  "an input that is left out": (world) => subject(world, "making").inputProduct.push(subject(world, "making").inputProduct[1]),
  "an output that is left out": (world) => subject(world, "making").outputProduct.push(subject(world, "making").outputProduct[0]),
  "an event that is no making": (world) => (subject(world, "making").type = ["MoveEvent"]),
  "an anchor of another party": (world) => (subject(world, "anchor").id = SPINNER),
  "an anchor that accredits nobody": (world) => (subject(world, "anchor").registerType = "business"),
  "a root that the trust list has not": (world) => (world.trust.entries = []),
  "a key that the trust list does not pin": (world) => (world.trust.keys[MAKER] = ["x"]),
  "a certificate signed by another": (world) => (world.drafts.certificate[0] = "maker"),
  "an event signed by another": (world) => (world.drafts.making[0] = "spinner"),
  "a maker at another host": (world) => (world.steps.say[4] = "making https://spinner.example/lots/shirt"),
  "a key of another party": (world) => (world.steps.made[1][2] = "labKey"),
  "a licence of another party": (world) => (world.steps.say[3] = SPINNER),
  "an assessor that nobody vouches for": (world) => (world.steps.figure[1][2] = "listed"),
  "an accreditation by a stranger": (world) => (world.steps.listed[3] = SPINNER) && world.trust.entries.push({ did: SPINNER }),
  "a key of which nothing is said": (world) => (world.steps.labKey[2] = "resolved"),
  "a licence of another kind": (world) => (world.steps.say[2] = "friend"),
  "a mass of another event": (world) => (world.steps.came[1][0][1] = "/credentialSubject/inputProduct/0"),
  "a say of another kind": (world) => (world.steps.made[4] = "place"),
  "a statement of another kind": (world) => (world.steps.figure[1][0][1] = "/credentialSubject/conformityAssessment/0"),
  "a statement that is nowhere": (world) => (world.steps.one[1][0][1] = "/credentialSubject/inputProduct/7"),
};
for (const [what, edit] of Object.entries(REFUSED)) {
  test(`a report is refused: ${what}`, async () => {
    const told = await check({ edit });
    assert.equal(told.state, "refused", JSON.stringify(told.claims?.map(({ why }) => why)));
  });
}

const NOT_SHOWN = {
  "a claim of another lot": (world) => (claim(world).subject = NAMES.YARN),
  "a claim of which nothing is derived": (world) => Object.assign(claim(world), { derivation: null, value: [0, 1] }) && (world.steps = {}),
  "a certificate of another product": (world) => (assessment(world).assessedProduct[0].product.id = LOT),
  "a certificate of a company, beside nothing": (world) => (delete assessment(world).assessedProduct, (assessment(world).assessedOrganisation = { id: SPINNER })),
  "a claim of another input": (world) => (subject(world, "yarn").id = "https://other.example/lots/yarn"),
  "a making of another lot": (world) => (subject(world, "making").outputProduct[0].product.id = `${LOT}/2`),
  "a figure in another unit": (world) => (assessment(world).assessedPerformance[0].measure.unit = "KGM"),
  "a unit that is not known": (world) => (subject(world, "making").inputProduct[0].quantity.unit = "XYZ"),
  "a topic that was not assessed": (world) => (assessment(world).conformityTopic = [], assessment(world).assessmentCriteria[0].conformityTopic = []),
  "a criterion by a crosswalk": (world) => (assessment(world).assessmentCriteria[0].id = "https://other.example/criterion"),
  "a score": (world) => (subject(world, "shirt").performanceClaim[0].claimedPerformance[0].score = { code: "A" }),
};
for (const [what, edit] of Object.entries(NOT_SHOWN)) {
  test(`a claim is not shown: ${what}`, async () => {
    const told = await check({ edit });
    assert.equal(told.state, "partly", `${told.state}: ${told.sentence}`);
    assert.equal(told.word, "UNVERIFIABLE");
    assert.notEqual(told.claims[0].why, "");
  });
}

test("what rests on an RDF proof is not shown, and that is said", async () => {
  const told = await check({
    packed: (members, world) => {
      const proven = JSON.stringify({ ...world.drafts.making[1], proof: { type: "DataIntegrityProof" } });
      swap(members, world.report.derivation.documents.at(-1), proven);
    },
  });
  assert.equal(told.state, "partly", told.sentence);
  assert.match(told.claims[0].why, /RDF Data Integrity/);
  assert.equal(told.unchecked.length, 1);
});

// Another text in the place of a document, named by its own digest everywhere.
function swap(members, digest, text) {
  const name = sha256(text);
  members.delete(`documents/${digest}`);
  for (const one of ["answers.json", "report.json"]) members.set(one, members.get(one).replaceAll(digest, name));
  members.set(`documents/${name}`, text);
}
