// JSON (RFC 8259) read strictly: no member twice, no half characters, numbers as they are written.
// Objects are Maps, so that no name of a member means anything to the language.
import { need } from "./refused.js";
import { textOf } from "./bytes.js";

const DEEPEST = 100;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

// A number with the text that stood there: 9500.10 stays exact.
export class Num {
  constructor(text) {
    this.text = text;
  }
}

export function parseJson(bytes, place) {
  const reader = new Reader(textOf(bytes, place), place);
  const value = reader.value(0);
  reader.space();
  need(reader.at === reader.text.length, place, "Something follows the JSON.");
  return value;
}

class Reader {
  constructor(text, place) {
    this.text = text;
    this.place = place;
    this.at = 0;
  }

  refuse(sentence) {
    need(false, this.place, `${sentence} (at character ${this.at})`);
  }

  space() {
    while (" \n\r\t".includes(this.text[this.at] ?? "x")) this.at++;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) this.refuse("It is not JSON.");
    this.at += found[0].length;
    return found[0];
  }

  take(token) {
    if (!this.text.startsWith(token, this.at)) this.refuse("It is not JSON.");
    this.at += token.length;
  }

  value(depth) {
    if (depth > DEEPEST) this.refuse("It is nested too deep.");
    this.space();
    const letter = this.text[this.at];
    if (letter === "{") return this.object(depth);
    if (letter === "[") return this.list(depth);
    if (letter === '"') return this.string();
    for (const [token, value] of [["true", true], ["false", false], ["null", null]]) {
      if (letter === token[0]) {
        this.take(token);
        return value;
      }
    }
    return new Num(this.match(NUMBER));
  }

  object(depth) {
    const members = new Map();
    this.take("{");
    for (this.space(); this.text[this.at] !== "}"; this.space()) {
      if (members.size > 0) this.take(",");
      this.space();
      const name = this.string();
      if (members.has(name)) this.refuse("A member is there twice.");
      this.space();
      this.take(":");
      members.set(name, this.value(depth + 1));
    }
    this.take("}");
    return members;
  }

  list(depth) {
    const items = [];
    this.take("[");
    for (this.space(); this.text[this.at] !== "]"; this.space()) {
      if (items.length > 0) this.take(",");
      items.push(this.value(depth + 1));
    }
    this.take("]");
    return items;
  }

  string() {
    let text = "";
    this.take('"');
    for (;;) {
      text += this.match(PLAIN);
      if (this.text[this.at] === '"') break;
      this.take("\\");
      text += this.escape();
    }
    this.at++;
    if (HALF.test(text)) this.refuse("A text holds half a character.");
    return text;
  }

  escape() {
    const letter = this.text[this.at++];
    if (Object.hasOwn(ESCAPES, letter ?? "")) return ESCAPES[letter];
    const digits = this.text.slice(this.at, this.at + 4);
    if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) this.refuse("It is not JSON.");
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }
}

// Canonical JSON (RFC 8785).
export function canonicalJson(value) {
  if (value instanceof Num) return JSON.stringify(Number(value.text));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!(value instanceof Map)) return JSON.stringify(value);
  const names = [...value.keys()].sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value.get(name))}`).join(",")}}`;
}

// The way report.json is written: indented by two, members in their order, numbers as they stood.
export function indentedJson(value, indent = "") {
  if (value instanceof Num) return value.text;
  const within = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => within + indentedJson(item, within));
    return items.length > 0 ? `[\n${items.join(",\n")}\n${indent}]` : "[]";
  }
  if (!(value instanceof Map)) return JSON.stringify(value);
  const items = [...value].map(([name, item]) => `${within}${JSON.stringify(name)}: ${indentedJson(item, within)}`);
  return items.length > 0 ? `{\n${items.join(",\n")}\n${indent}}` : "{}";
}

// The value at an RFC 6901 pointer; undefined where nothing stands.
export function atPointer(value, pointer) {
  if (pointer === "") return value;
  if (!pointer.startsWith("/")) return undefined;
  for (const part of pointer.slice(1).split("/")) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (value instanceof Map) value = value.get(name);
    else if (Array.isArray(value) && /^(?:0|[1-9][0-9]*)$/.test(name)) value = value[Number(name)];
    else return undefined;
  }
  return value;
}

// What a member holds, as a list: nothing, one or several.
export function listOf(value) {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function member(value, name) {
  return value instanceof Map ? value.get(name) : undefined;
}
