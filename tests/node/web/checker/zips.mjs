// Writes the zip of docs/bundle.md, or one that differs in a field.
import { crc32 } from "../../../../node/web/checker/zip.js";

const bytesOf = (text) => new TextEncoder().encode(text);

export function two(number) {
  return [number & 255, (number >> 8) & 255];
}

export function four(number) {
  return [...two(number & 0xffff), ...two(Math.floor(number / 0x10000))];
}

// `members` are [name, text]; returns {bytes, directory: where it starts}.
export function zipOf(members) {
  const locals = [];
  const central = [];
  for (const [name, text] of members) {
    const [title, body] = [bytesOf(name), bytesOf(text)];
    const common = [...two(20), ...two(0), ...two(0), ...two(0), ...two(0x21), ...four(crc32(body)), ...four(body.length), ...four(body.length), ...two(title.length), ...two(0)];
    central.push(...four(0x02014b50), ...two(0x314), ...common, ...two(0), ...two(0), ...two(0), ...four(0o100644 * 0x10000), ...four(locals.length), ...title);
    locals.push(...four(0x04034b50), ...common, ...title, ...body);
  }
  const end = [...four(0x06054b50), ...two(0), ...two(0), ...two(members.length), ...two(members.length), ...four(central.length), ...four(locals.length), ...two(0)];
  return { bytes: Uint8Array.from([...locals, ...central, ...end]), directory: locals.length };
}
