// Names from a bundle as text that everybody sees: nothing of it is markup, and what leaves no mark is written out.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u2800\u3164\uffa0]/gu;
const LONGEST_TEXT = 5_000;

export function visible(text) {
  const marked = `${text}`.replace(UNSEEN, (char) => `[U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
  return marked.length > LONGEST_TEXT ? `${marked.slice(0, LONGEST_TEXT)}…` : marked;
}

// An element with children; a child that is text is never read as markup.
export function element(name, { kind = "", children = [] } = {}) {
  const made = document.createElement(name);
  if (kind !== "") made.className = kind;
  made.append(...children);
  return made;
}

export function words(name, text, kind = "") {
  return element(name, { kind, children: [visible(text)] });
}

export function pairs(entries) {
  return element("dl", { children: entries.flatMap(([name, text]) => [words("dt", name), words("dd", text)]) });
}

// A share as a percentage, rounded down so that no more is shown than is proven.
export function percent(share) {
  const tenths = share.down(4);
  const digits = (tenths.upper * 10_000n) / tenths.lower;
  const whole = digits / 100n;
  const part = `${digits % 100n}`.padStart(2, "0").replace(/0+$/, "");
  return `${whole}${part === "" ? "" : `.${part}`} %`;
}
