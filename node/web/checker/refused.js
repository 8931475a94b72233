// What stops a check: where it is, and one sentence that says why. Nothing of a bundle that is refused is shown as true.

export class Refused extends Error {
  constructor(place, sentence) {
    super(`${place}: ${sentence}`);
    this.place = place;
    this.sentence = sentence;
  }
}

export function need(holds, place, sentence) {
  if (!holds) throw new Refused(place, sentence);
}

// What this program cannot tell: what rests on it is "not checked", never shown.
export class Unchecked extends Error {}

export function known(holds, sentence) {
  if (!holds) throw new Unchecked(sentence);
}
