// Is a share shown of the very lot that it is claimed of, and a mixture of all that went into it?
import { known, need } from "./refused.js";
import { listOf, member } from "./json.js";

const PORTION = /^(.*)\/(inputProduct|outputProduct)\/(0|[1-9][0-9]*)$/;
const NOT_LENT = "what was assessed is not the lot, and nothing says that it was made there or by whom.";

// Refused where the step, or one that it follows from, is of another lot than `lot`.
export class Lots {
  constructor(steps, statements) {
    this.steps = steps;
    this.statements = statements;
    this.seen = new Set();
  }

  check(number, lot) {
    const name = `${number} ${lot}`;
    if (this.seen.has(name)) return;
    this.seen.add(name);
    const step = this.steps[number];
    const place = `step ${number}`;
    if (step.rule === "assessed" || step.rule === "figure") this.checkAssessment(step, lot, place);
    else if (step.rule === "mix") this.checkMixture(step, lot, place);
    else if (step.rule === "pool") for (const ref of step.refs) this.checkPooled(ref, lot);
    else if (step.rule === "all") this.checkAll(step, lot);
    else if (["any", "less", "again"].includes(step.rule)) {
      for (const ref of step.refs.filter((one) => this.steps[one].rule !== "against")) this.check(ref, lot);
    }
  }

  checkPooled(number, lot) {
    const [, share] = this.steps[number].refs;
    if (share !== undefined) this.check(share, lot);
  }

  checkAssessment(step, lot, place) {
    const [, claim] = step.statements;
    const subject = this.statements.subjectOf(claim, place);
    known(subject.get("id") === lot, `what is assessed has another name than ${lot}.`);
  }

  // A certificate of a place or a company is lent only beside who made the lot there.
  checkAll(step, lot) {
    const rules = step.refs.map((ref) => this.steps[ref]);
    for (const one of rules.filter(({ rule }) => rule === "assessed" || rule === "figure")) {
      const whole = this.assessmentOf(one);
      if (!this.namesLot(whole, lot)) known(this.isLent(whole, rules, lot), NOT_LENT);
    }
    for (const ref of step.refs) this.check(ref, lot);
  }

  assessmentOf(step) {
    const [{ at, pointer }] = step.statements;
    return this.statements.of({ at, pointer: pointer.replace(/\/assessedPerformance\/[0-9]+$/, "") }, `step ${step.number}`);
  }

  namesLot(whole, lot) {
    return listOf(whole.get("assessedProduct")).some((one) => member(member(one, "product"), "id") === lot);
  }

  isLent(whole, rules, lot) {
    const events = rules.filter((one) => this.tellsOfMaking(one, lot));
    const places = listOf(whole.get("assessedFacility")).map((one) => member(member(one, "facility"), "id"));
    const companies = idsOf(whole.get("assessedOrganisation"));
    if (places.length > 0) {
      const there = events.some((one) => places.includes(member(this.said(one).get("madeAtFacility"), "id")));
      return there && rules.some((one) => this.tellsOfPlace(one, places));
    }
    const byCompany = events.some((one) => companies.includes(one.party));
    return byCompany || (events.length > 0 && rules.some((one) => one.rule === "stated" && companies.includes(one.party)));
  }

  said(step) {
    return this.statements.of(step.statements[0], `step ${step.number}`);
  }

  tellsOfMaking(step, lot) {
    if (step.rule !== "stated" || step.say !== "making") return false;
    return listOf(this.said(step).get("outputProduct")).some((one) => member(member(one, "product"), "id") === lot);
  }

  // Each way tells whose the place is, beside a making there.
  tellsOfPlace(step, places) {
    const sources = step.refs.map((ref) => this.steps[ref]);
    if (step.rule === "any") return sources.length > 0 && sources.every((one) => this.tellsOfPlace(one, places));
    if (step.rule !== "all") return false;
    const told = sources.filter((one) => one.rule === "stated");
    const isPlace = (one) => one.say === "place" && places.includes(this.said(one).get("id"));
    return told.some(isPlace) && told.some((one) => one.say === "making" && this.tellsWhere(one, places));
  }

  tellsWhere(step, places) {
    const said = this.said(step);
    return ["madeAtFacility", "producedAtFacility"].some((name) => places.includes(member(said.get(name), "id")));
  }

  checkMixture(step, lot, place) {
    const [made, ...rest] = step.refs.map((ref) => this.steps[ref]);
    const source = made.statements[0];
    const event = this.statements.of(source, place);
    const products = (name) => listOf(event.get(name)).map((one) => member(member(one, "product"), "id"));
    known(products("outputProduct").includes(lot), `a making tells of another name than ${lot}.`);
    const parts = rest.filter((one) => one.rule === "part");
    const inputs = parts.map((part) => this.portionOf(part.refs[0], source, place));
    const wanted = products("inputProduct").map((_, index) => `inputProduct/${index}`);
    need(sameList(inputs, wanted), place, "Its parts are not all inputs of the making, each once.");
    this.checkLacking(rest.at(-1), event, source, wanted, place);
    for (const part of parts) {
      const input = products("inputProduct")[Number(this.portionOf(part.refs[0], source, place).split("/")[1])];
      if (part.refs[1] !== undefined) this.check(part.refs[1], input);
    }
  }

  checkLacking(lacking, event, source, wanted, place) {
    const [sum, out] = lacking.refs.map((ref) => this.steps[ref]);
    const went = sum.refs.map((ref) => this.portionOf(ref, source, place));
    need(sameList(went, wanted), place, "What went in is not all of its inputs.");
    const came = out.refs.map((ref) => this.portionOf(ref, source, place));
    const outputs = listOf(event.get("outputProduct")).map((_, index) => `outputProduct/${index}`);
    need(sameList(came, outputs), place, "What came out is not all of its outputs.");
  }

  // Which portion of the event a mass is of: its amount's, whatever bounds it.
  portionOf(number, source, place) {
    const step = this.steps[number];
    if (step.rule === "bound") return this.portionOf(step.refs[0], source, place);
    known(step.rule === "amount", `a mass by the rule "${step.rule}" is not looked at here.`);
    const [{ at, pointer }] = step.statements;
    const found = PORTION.exec(pointer);
    const own = found !== null && at === source.at && found[1] === source.pointer;
    need(own, place, "A mass is of another event than the making.");
    return `${found[2]}/${found[3]}`;
  }
}

function idsOf(value) {
  return listOf(value).map((one) => member(one, "id"));
}

function sameList(one, other) {
  return [...one].sort().join() === [...other].sort().join();
}
