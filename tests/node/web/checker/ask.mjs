// Checks each bundle that is named on standard input, and writes what was found as a line of JSON.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { checkBundle } from "../../../../node/web/checker/bundle.js";

const asText = (_, value) => (typeof value === "bigint" ? `${value}` : value?.upper === undefined ? value : `${value}`);

for await (const path of createInterface({ input: process.stdin })) {
  const outcome = await checkBundle(new Uint8Array(readFileSync(path)));
  process.stdout.write(`${JSON.stringify(outcome, (name, value) => (value?.constructor?.name === "Fraction" ? `${value}` : asText(name, value)))}\n`);
}
