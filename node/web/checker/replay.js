// Goes through the steps of a derivation: with everybody believed, or with some parties' word worth nothing.
import { need } from "./refused.js";
import { ZERO } from "./fractions.js";
import { FACTS, LICENCES } from "./steps.js";
import { DOUBTED, VALUES, sameValue } from "./values.js";

const ROUNDS = 100;
const ROUND_DIGITS = 12;
const BELIEVED = () => false;

// The values of all steps with the facts doubted for which `isDoubted(step)`; `base` are those of nobody doubted.
export function valuesOf(steps, isDoubted = BELIEVED, base = []) {
  const state = { steps, isDoubted, base, values: [], doubtful: [], agains: new Map() };
  const [first, last] = circle(steps);
  run(state, 0, first);
  for (let round = 1; first < last; round++) {
    run(state, first, last);
    if (!advance(state) || round === ROUNDS) break;
  }
  run(state, last, steps.length);
  return state.values;
}

// From the first `again` to behind the last step that one of them names.
function circle(steps) {
  const agains = steps.filter((step) => step.rule === "again" && step.refs.length > 0);
  if (agains.length === 0) return [steps.length, steps.length];
  return [agains[0].number, Math.max(...agains.map((step) => step.refs[0])) + 1];
}

function run(state, first, end) {
  for (let number = first; number < end; number++) evaluate(state, state.steps[number]);
}

// What each `again` takes into the next round; did any change?
function advance({ steps, values, agains }) {
  let changed = false;
  for (const { number, rule, refs } of steps) {
    if (rule !== "again" || refs.length === 0) continue;
    const next = values[refs[0]].down(ROUND_DIGITS);
    changed ||= !next.equals(agains.get(number) ?? ZERO);
    agains.set(number, next);
  }
  return changed;
}

function evaluate(state, step) {
  const { values, doubtful, base, agains } = state;
  const { number, rule, refs } = step;
  if (LICENCES.has(rule)) return;
  if (rule === "again") {
    values[number] = agains.get(number) ?? ZERO;
    doubtful[number] = false;
    return;
  }
  const sources = refs.filter((ref) => !LICENCES.has(state.steps[ref].rule));
  const doubts = sources.map((ref) => doubtful[ref]);
  doubtful[number] = FACTS.has(rule) ? isInDoubt(state, step, sources) : doubts.includes(true);
  const found = sources.map((ref) => values[ref]);
  if (FACTS.has(rule)) values[number] = factValue(state, step, sources);
  else if (rule === "yield") values[number] = doubtful[number] ? { least: ZERO, most: null } : step.value;
  else values[number] = VALUES[rule](found, { doubtful: doubts, step, base: base[number] });
}

// An amount's bound matters only once the amount is in doubt: it casts none itself.
function isInDoubt({ steps, isDoubted, doubtful }, step, sources) {
  return isDoubted(step) || sources.some((ref) => doubtful[ref] && (step.rule !== "amount" || steps[ref].rule === "weight"));
}

function factValue({ steps, values, doubtful }, step, sources) {
  if (!doubtful[step.number]) return step.value;
  const bound = sources.find((ref) => steps[ref].rule !== "weight");
  return DOUBTED[step.rule](step.value, bound === undefined ? undefined : values[bound]);
}

// Every value again; the first that differs from the written one is named.
export function replayed(steps) {
  const values = valuesOf(steps);
  for (const step of steps) {
    if (LICENCES.has(step.rule)) continue;
    need(sameValue(values[step.number], step.value), `step ${step.number}`, "Its value does not follow.");
  }
  return values;
}
