// The steps of a derivation as docs/derivation.md lists them: their shape, and what each rule may follow from.
import { need } from "./refused.js";
import { Num, canonicalJson, member } from "./json.js";
import { writtenFraction } from "./fractions.js";

// One letter for what each rule gives; a pattern over such letters for what it follows from. "@" is a statement.
const MASS = "[muenybr]";
const SHARE = "[st]";
const RULES = {
  figure: ["s", "@@L*K"],
  assessed: ["s", "@@L*K"],
  stated: ["t", "@L*K"],
  made: ["d", "@L*K"],
  amount: ["m", `@Kw?${MASS}?`],
  weight: ["w", "@K"],
  fraction: ["f", "@Kt*"],
  sum: ["u", `${MASS}*`],
  ever: ["e", `${MASS}*`],
  open: ["n", `${MASS}*`],
  yield: ["y", `${MASS}*t*`],
  bound: ["b", `${MASS}+`],
  out: ["o", `${MASS}*`],
  most: ["x", "uof*"],
  portion: ["r", "xf"],
  lacking: ["l", "uo"],
  part: ["p", `${MASS}${SHARE}?`],
  mix: ["s", "dp*l"],
  pool: ["s", "p+"],
  any: ["s", `${SHARE}*`],
  all: ["s", `${SHARE}*`],
  again: ["s", `${SHARE}?`],
  against: ["g", ""],
  less: ["s", `${SHARE}g`],
  key: ["K", "@*"],
  listed: ["L", ""],
  accredited: ["L", "@LK"],
  say: ["L", "[@LK]*"],
};
const MEMBERS = "from,party,rule,say,value";
export const FACTS = new Set(["figure", "assessed", "stated", "made", "amount", "weight", "fraction"]);
export const LICENCES = new Set(["key", "listed", "accredited", "say"]);
const MASSES = new Set(["amount", "sum", "ever", "open", "yield", "bound", "portion"]);

// `ends` are the numbers that claims end in, as they are written. The steps: {number, rule, refs, statements, party, say, value, word}; every shape that the page demands holds.
export function readSteps(derivation, ends) {
  const place = "derivation";
  const documents = member(derivation, "documents");
  const written = member(derivation, "steps");
  need(Array.isArray(documents) && Array.isArray(written), place, "It has no documents or steps.");
  need(new Set(documents).size === documents.length, place, "It lists a document twice.");
  for (const end of ends) need(isIndex(new Num(`${end}`), written.length), place, "A claim ends in something that is no step.");
  const steps = written.map((one, number) => readStep(one, number, documents.length));
  const letters = steps.map((step) => RULES[step.rule][0]);
  for (const step of steps) followsFrom(step, letters);
  need(new Set(written.map(canonicalJson)).size === steps.length, place, "It has a step twice.");
  everythingNeeded(steps, ends.map(Number), documents.length);
  return { documents, steps };
}

function readStep(one, number, count) {
  const place = `step ${number}`;
  const shaped = one instanceof Map && [...one.keys()].sort().join() === MEMBERS;
  need(shaped && Object.hasOwn(RULES, one.get("rule")), place, "It is no step of a rule that is known.");
  const [rule, from, party, say] = ["rule", "from", "party", "say"].map((name) => one.get(name));
  need(Array.isArray(from) && typeof party === "string" && typeof say === "string", place, "It is not shaped like a step.");
  const isFact = FACTS.has(rule) || LICENCES.has(rule);
  need(isFact === (party !== ""), place, "Facts and licences have a party, and nothing else has.");
  const step = { number, rule, party, say, refs: [], statements: [], order: "" };
  for (const item of from) addSource(step, item, count, place);
  return Object.assign(step, readValue(rule, one.get("value"), place));
}

function addSource(step, item, count, place) {
  if (Array.isArray(item)) {
    const [at, pointer] = item;
    const good = item.length === 2 && isIndex(at, count) && typeof pointer === "string";
    need(good, place, "It follows from a statement that is nowhere.");
    step.statements.push({ at: Number(at.text), pointer });
    step.order += "@";
    return;
  }
  need(isIndex(item, 10_000_000), place, "It follows from something that is no step.");
  step.refs.push(Number(item.text));
  step.order += "#";
}

function isIndex(value, count) {
  return value instanceof Num && /^(?:0|[1-9][0-9]{0,6})$/.test(value.text) && Number(value.text) < count;
}

function followsFrom(step, letters) {
  let at = 0;
  const place = `step ${step.number}`;
  for (const ref of step.refs) {
    const inOrder = step.rule === "again" ? ref > step.number && ref < letters.length : ref < step.number;
    need(inOrder, place, "It does not follow from earlier steps.");
  }
  const pattern = step.order.replaceAll("#", () => letters[step.refs[at++]]);
  need(new RegExp(`^(?:${RULES[step.rule][1]})$`).test(pattern), place, `A step "${step.rule}" does not follow from such things.`);
}

// `value` of steps with numbers, `word` of licences.
function readValue(rule, value, place) {
  if (LICENCES.has(rule)) {
    need(typeof value === "string", place, "Its value is no word.");
    return { word: value, value: null };
  }
  if (rule !== "part" && !MASSES.has(rule)) {
    return { word: "", value: value === null ? null : writtenFraction(value, place) };
  }
  const length = rule === "part" ? 3 : 2;
  need(Array.isArray(value) && value.length === length, place, "Its value is no mass.");
  const [least, most, share] = value;
  const mass = { least: writtenFraction(least, place), most: most === null ? null : writtenFraction(most, place) };
  if (rule === "part") mass.share = writtenFraction(share, place);
  need(mass.most === null || !mass.most.below(mass.least), place, "Its mass is at most less than at least.");
  return { word: "", value: mass };
}

function everythingNeeded(steps, ends, documents) {
  const needed = new Set(ends.flatMap((end) => [...closure(steps, end)]));
  need(needed.size === steps.length, "derivation", "It has a step that no claim needs.");
  const read = new Set(steps.flatMap((step) => step.statements.map(({ at }) => at)));
  need(read.size === documents, "derivation", "It lists a document that no step reads.");
}

// The numbers of all steps that `end` follows from, itself among them.
export function closure(steps, end) {
  const found = new Set([end]);
  const open = [end];
  while (open.length > 0) {
    for (const ref of steps[open.pop()].refs) {
      if (!found.has(ref)) {
        found.add(ref);
        open.push(ref);
      }
    }
  }
  return found;
}
