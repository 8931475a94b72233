// Does the statement that a fact names stand there, by the party that it names, with the value that the step has?
import { Refused, Unchecked, known, need } from "./refused.js";
import { ONE, ZERO } from "./fractions.js";
import { atPointer, listOf, member } from "./json.js";
import { kilograms, leastShare, numberIn, rangeOf, readUp, unitOf } from "./measures.js";
import { sameValue } from "./values.js";

// The documents that a derivation reads, as statements can be asked of them.
export class Statements {
  constructor(listed, documents, question) {
    this.question = question;
    this.documents = listed.map((digest) => documents.get(digest));
    for (const one of this.documents) {
      need(one !== undefined, "derivation", "It reads a document that the bundle has not.");
      need(one.state !== "bad", "derivation", `It reads a document that does not verify. ${one.why ?? ""}`);
      need(one.state !== "plain", "derivation", "It reads a document that is no credential.");
    }
  }

  of({ at, pointer }, place) {
    const document = this.documents[at];
    known(document.state === "signed", document.why);
    const found = atPointer(document.credential, pointer);
    need(found instanceof Map, place, "Nothing stands where its statement is said to be.");
    return found;
  }

  document({ at }) {
    return this.documents[at];
  }

  // The subject that a statement is in: the credential's only one, or the one the pointer goes through.
  subjectOf({ at, pointer }, place) {
    const found = /^\/credentialSubject(?:\/(?:0|[1-9][0-9]*))?(?=\/|$)/.exec(pointer);
    need(found !== null, place, "Its statement is not about a subject.");
    const subject = this.of({ at, pointer: found[0] }, place);
    return member(subject, "id") === undefined ? this.of({ at, pointer: "/credentialSubject" }, place) : subject;
  }
}

const SUBJECT = "/credentialSubject(?:/[0-9]+)?";
// Where the statements of a fact stand, and by which say its party's word counts.
const PLACES = {
  figure: [`${SUBJECT}/conformityAssessment/[0-9]+/assessedPerformance/[0-9]+`, `${SUBJECT}/performanceClaim/[0-9]+`],
  assessed: [`${SUBJECT}/conformityAssessment/[0-9]+`, `${SUBJECT}/performanceClaim/[0-9]+`],
  made: [SUBJECT],
  amount: [`${SUBJECT}/(?:input|output)Product/[0-9]+`],
  weight: [SUBJECT],
  fraction: [SUBJECT],
  accredited: [SUBJECT],
};
const SAYS = {
  figure: /^attesting \S+$/,
  assessed: /^attesting (?:criterion|topic|metric|score) \S+$/,
  stated: /^(?:making|place|product)$/,
  made: /^making$/,
  amount: /^making$/,
  weight: /^product \S/,
  fraction: /^product \S/,
  key: /^$/,
  listed: /^$/,
  accredited: /^accrediting$/,
  say: /^making \S/,
};

function standsRight(step, place) {
  need(SAYS[step.rule]?.test(step.say) ?? true, place, "Its party's word does not count by that say.");
  (PLACES[step.rule] ?? []).forEach((pattern, index) => {
    need(new RegExp(`^${pattern}$`).test(step.statements[index].pointer), place, "Its statement is of another kind.");
  });
}

// Goes through all facts and licences; `step.unchecked` says why one of them could not be told.
export function checkFacts(steps, statements, trust) {
  for (const step of steps) {
    standsRight(step, `step ${step.number}`);
    try {
      CHECKS[step.rule]?.(step, { steps, statements, trust, place: `step ${step.number}` });
    } catch (error) {
      if (!(error instanceof Unchecked)) throw error;
      step.unchecked = `Step ${step.number} (${step.rule}): ${error.message}`;
    }
  }
}

// The statement of a fact, in a document that its party issued with the key that the step names.
function stated(step, { steps, statements, place }, index = 0) {
  const source = step.statements[index];
  const found = statements.of(source, place);
  need(statements.document(source).issuer === step.party, place, "Its statement is by another party.");
  const keys = step.refs.filter((ref) => steps[ref].rule === "key");
  need(keys.length === 1 && steps[keys[0]].party === step.party, place, "It has not one key, of its party.");
  return found;
}

function valueIs(step, value, place) {
  need(sameValue(step.value, value), place, "The statement says another value.");
}

function assessment(step, context) {
  const { steps, statements, place } = context;
  const found = stated(step, context);
  const own = steps[step.refs.find((ref) => steps[ref].rule !== "key")];
  need(own !== undefined, place, "Nobody vouches for who assessed it.");
  const vouched = own.rule === "listed" ? own.party : own.rule === "accredited" ? own.word : "";
  need(vouched === step.party, place, "Somebody else is vouched for.");
  const pointer = step.statements[0].pointer.replace(/\/assessedPerformance\/[0-9]+$/, "");
  const whole = statements.of({ at: step.statements[0].at, pointer }, place);
  const subject = statements.subjectOf(step.statements[0], place);
  need(whole.get("conformance") === true, place, "The assessment does not state conformity.");
  need(subject.get("assessorLevel") === "3rdParty", place, "It was not assessed by a third party.");
  const day = whole.get("assessmentDate");
  need(typeof day === "string" && day.slice(0, 10) <= statements.question.at.slice(0, 10), place, "It was not assessed before the question.");
  const claim = statements.of(step.statements[1], place);
  need(statements.document(step.statements[1]).issuer !== step.party, place, "Who claims it assessed it.");
  return { found, whole, claim };
}

function ids(value) {
  return listOf(value).map((one) => member(one, "id"));
}

function performance(list, metric) {
  return listOf(list).filter((one) => member(member(one, "metric"), "id") === metric);
}

const NAMED = {
  criterion: (id, { whole, claim }) => ids(whole.get("assessmentCriteria")).includes(id) && ids(claim.get("referenceCriteria")).includes(id),
  topic: (id, { whole, claim }) => topics(whole, "assessmentCriteria").includes(id) && topics(claim, "referenceCriteria").includes(id),
  metric: (id, { whole, claim }) => {
    const [told] = performance(claim.get("claimedPerformance"), id);
    return performance(whole.get("assessedPerformance"), id).some((one) => sameFigure(member(one, "measure"), member(told, "measure")));
  },
};

function topics(whole, criteria) {
  return [...ids(whole.get("conformityTopic")), ...listOf(whole.get(criteria)).flatMap((one) => ids(member(one, "conformityTopic")))];
}

function sameFigure(one, other) {
  const [mine, theirs] = [rangeOf(one), rangeOf(other)];
  return mine !== undefined && theirs !== undefined && unitOf(one) === unitOf(other) && mine.every((end, at) => end.equals(theirs[at]));
}

const CHECKS = {
  figure(step, context) {
    const { found, claim } = assessment(step, context);
    const metric = member(member(found, "metric"), "id");
    const claimed = performance(claim.get("claimedPerformance"), metric).length > 0;
    need(step.say === `attesting ${metric}` && claimed, context.place, "The figure is of another metric.");
    const share = leastShare(found.get("measure"));
    known(share !== undefined, "its figure is not in percent (P1).");
    valueIs(step, share, context.place);
  },

  assessed(step, context) {
    const asked = /^attesting (criterion|topic|metric|score) (.+)$/.exec(step.say);
    need(asked !== null, context.place, "It does not name what was assessed.");
    const told = assessment(step, context);
    valueIs(step, ONE, context.place);
    known(NAMED[asked[1]]?.(asked[2], told), `the assessment bears "${asked[2]}" in a way that is not looked at here.`);
  },

  stated(step, context) {
    stated(step, context);
    valueIs(step, ONE, context.place);
  },

  made(step, context) {
    const event = stated(step, context);
    valueIs(step, ONE, context.place);
    need(listOf(event.get("type")).includes("MakeEvent"), context.place, "It is no event of a making.");
    checkSay(step, event, context);
  },

  amount(step, context) {
    const { steps, place } = context;
    const portion = stated(step, context);
    const quantity = portion.get("quantity");
    const weight = steps[step.refs.find((ref) => steps[ref].rule === "weight")];
    if (quantity === undefined) return valueIs(step, { least: ZERO, most: null }, place);
    const range = rangeOf(quantity);
    const one = kilograms(unitOf(quantity)) ?? weight?.value;
    known(range !== undefined, "its quantity cannot be read.");
    if (one === undefined && step.value.most === null && step.value.least.equals(ZERO)) return undefined;
    known(one !== undefined && one !== null, `the unit ${unitOf(quantity)} is not known here.`);
    const [least, most] = range.map((end) => end.times(one));
    return valueIs(step, { least, most }, place);
  },

  weight(step, context) {
    const passport = stated(step, context);
    isOf(step, passport, context.place);
    const measure = member(passport.get("dimensions"), "weight");
    const value = numberIn(member(measure, "value"));
    const one = kilograms(unitOf(measure));
    known(value !== undefined && one !== undefined, "the weight of one cannot be read.");
    valueIs(step, value.times(one), context.place);
  },

  fraction(step, context) {
    const passport = stated(step, context);
    const { steps, statements, place } = context;
    const inputs = step.refs.filter((ref) => steps[ref].rule === "stated").map((ref) => statements.of(steps[ref].statements[0], place));
    for (const input of inputs) isOf(step, input, place);
    const classes = inputs.flatMap((one) => listOf(one.get("productCategory"))).map((one) => member(one, "code"));
    const codes = new Set(classes);
    known(codes.size === 1, "the class of the input cannot be told.");
    const parts = listOf(passport.get("materialProvenance")).filter((one) => codes.has(member(member(one, "materialType"), "code")));
    const read = parts.map((one) => readUp(member(one, "massFraction")));
    known(!read.includes(undefined), "a mass fraction cannot be read.");
    valueIs(step, read.reduce((sum, one) => sum.plus(one), ZERO), place);
  },

  yield() {
    throw new Unchecked("how much can come out by the rule pack is not looked at here.");
  },

  key(step, { statements, trust, place }) {
    need(step.word === "known" || step.word === "supplied", place, "It does not say how the key is known.");
    const pins = member(member(trust, "keys"), step.party);
    if (step.word === "supplied" || !Array.isArray(pins)) return;
    const used = statements.documents.filter((one) => one.issuer === step.party);
    need(used.every((one) => pins.includes(one.key.print)), place, "The trust list pins another key of its party.");
  },

  listed(step, { trust, place }) {
    const roots = listOf(member(trust, "entries")).map((one) => member(one, "did"));
    need(step.word === "trust list" && roots.includes(step.party), place, "The trust list does not name it.");
  },

  accredited(step, context) {
    const { steps, place } = context;
    const anchor = stated(step, context);
    const above = steps[step.refs.find((ref) => steps[ref].rule !== "key")];
    const vouched = above.rule === "listed" ? above.party : above.rule === "accredited" ? above.word : "";
    need(vouched === step.party, place, "Nobody vouches for who accredits.");
    need(anchor.get("registerType") === "accreditation", place, "It is in no register of accreditations.");
    need(anchor.get("id") === step.word, place, "Somebody else is accredited.");
  },

  say(step, { statements, place }) {
    need(["address", "register", "named"].includes(step.word), place, "It does not say whose lot it is.");
    if (step.word === "address") return needAddress(step, place);
    known(step.word === "named", "what gives a number of a register is not looked at here.");
    const names = step.statements.some((source) => {
      const passport = statements.of(source, place);
      const makers = listOf(passport.get("relatedParty")).filter((one) => listOf(member(one, "role")).includes("manufacturer"));
      return step.say === `making ${passport.get("id")}` && makers.some((one) => member(member(one, "party"), "id") === step.party);
    });
    known(names, "its passport names the maker in a way that is not looked at here.");
  },
};

// `product` and the id of what a weight or a fraction is of, with its batch where an id alone is of many.
function isOf(step, product, place) {
  const [id, batch] = [product.get("id"), product.get("batchNumber")];
  need([`product ${id}`, `product ${id} (batch ${batch})`].includes(step.say), place, "It is of another product.");
}

// Whose an address is follows from its form: it is at the host of the did:web or at one below, within its path.
function needAddress(step, place) {
  const did = /^did:web:([^:]+)((?::[^:]+)*)$/.exec(step.party);
  const address = /^making https:\/\/([^/?#@]+)([^?#]*)/.exec(step.say);
  known(did !== null && address !== null, "whose an address is cannot be told here.");
  const [host, at] = [did[1].replace("%3A", ":"), address[1]].map((one) => one.toLowerCase());
  const path = `${did[2].replaceAll(":", "/")}/`;
  need(at === host || at.endsWith(`.${host}`), place, "The address is at the host of somebody else.");
  known(address[2].startsWith(path), "the address is at its host, but not within its path.");
}

// Who tells of the making may: the licence is its party's, for a lot that came out.
function checkSay(step, event, { steps, place }) {
  const say = steps[step.refs.find((ref) => steps[ref].rule === "say")];
  if (say === undefined) throw new Refused(place, "Nothing says that its party may tell of the lot.");
  need(say.party === step.party, place, "Somebody else may tell of the lot.");
  const made = ids(listOf(event.get("outputProduct")).map((one) => member(one, "product")));
  const named = made.some((id) => say.say === `making ${id}` || say.say.startsWith(`making ${id} (`));
  known(named, "the lot of which its party may tell has another name in the event.");
}
