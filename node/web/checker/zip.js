// Reads the zip of docs/bundle.md in memory: every field of every record has one value that is allowed.
import { need } from "./refused.js";

export const MOST_BYTES = 200_000_000;
const MOST_MEMBERS = 65_535; // what the field holds without zip64
const NAMES = /^(?:manifest\.json|answers\.json|pack\.toml|question\.json|report\.json|trust\.json|documents\/[0-9a-f]{64})$/;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20; // of the format, 2.0: the least that knows folders in names
const UNIX = 3;
const PLAIN_FILE = 0o100644;
const FIRST_DAY = 0x0021; // 1980-01-01

// Members by name, in the order of the file.
export function readZip(bytes) {
  need(bytes.length <= MOST_BYTES, "zip", "It is larger than 200 MB.");
  const cursor = new Cursor(bytes);
  const members = [];
  while (cursor.peek() === LOCAL) members.push(localRecord(cursor));
  need(members.length > 0 && members.length <= MOST_MEMBERS, "zip", "It holds no members, or too many.");
  const start = cursor.at;
  for (const member of members) centralRecord(cursor, member);
  endRecord(cursor, members.length, start);
  inOrder(members.map((member) => member.name));
  return new Map(members.map((member) => [member.name, member.body]));
}

class Cursor {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  peek() {
    return this.at + 4 <= this.bytes.length ? this.view.getUint32(this.at, true) : -1;
  }

  number(size, what) {
    need(this.at + size <= this.bytes.length, "zip", `It ends within ${what}.`);
    const value = size === 2 ? this.view.getUint16(this.at, true) : this.view.getUint32(this.at, true);
    this.at += size;
    return value;
  }

  expect(size, value, what) {
    need(this.number(size, what) === value, "zip", `A record has another ${what} than a bundle has.`);
  }

  take(length, what) {
    need(this.at + length <= this.bytes.length, "zip", `It ends within ${what}.`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

// What a member's two records share: from the version needed to the length of the extra field.
function commonFields(cursor) {
  cursor.expect(2, VERSION, "version");
  cursor.expect(2, 0, "set of flags (encrypted, or a size that follows)");
  cursor.expect(2, 0, "method than stored, which");
  cursor.expect(2, 0, "time");
  cursor.expect(2, FIRST_DAY, "date");
  const crc = cursor.number(4, "a checksum");
  const size = cursor.number(4, "a size");
  cursor.expect(4, size, "size");
  const nameLength = cursor.number(2, "a name's length");
  cursor.expect(2, 0, "extra field");
  return { crc, size, nameLength };
}

function localRecord(cursor) {
  const offset = cursor.at;
  cursor.expect(4, LOCAL, "signature");
  const { crc, size, nameLength } = commonFields(cursor);
  const name = nameOf(cursor.take(nameLength, "a name"));
  const body = cursor.take(size, "a member");
  need(crc32(body) === crc, "zip", `The CRC of ${name} is not right.`);
  return { name, body, crc, size, offset };
}

function centralRecord(cursor, member) {
  cursor.expect(4, CENTRAL, "signature");
  cursor.expect(2, (UNIX << 8) | VERSION, "maker");
  const { crc, size, nameLength } = commonFields(cursor);
  cursor.expect(2, 0, "comment");
  cursor.expect(2, 0, "disk");
  cursor.expect(2, 0, "internal attribute");
  cursor.expect(4, PLAIN_FILE * 0x10000, "mode (a link, a folder)");
  cursor.expect(4, member.offset, "place");
  const same = nameOf(cursor.take(nameLength, "a name")) === member.name && crc === member.crc && size === member.size;
  need(same, "zip", "The directory tells of another member than the file holds.");
}

function endRecord(cursor, count, start) {
  const size = cursor.at - start;
  cursor.expect(4, END, "signature");
  cursor.expect(2, 0, "disk");
  cursor.expect(2, 0, "disk");
  cursor.expect(2, count, "number of members");
  cursor.expect(2, count, "number of members");
  cursor.expect(4, size, "size of its directory");
  cursor.expect(4, start, "place of its directory");
  cursor.expect(2, 0, "comment");
  need(cursor.at === cursor.bytes.length, "zip", "Something follows its end.");
}

function nameOf(bytes) {
  const name = String.fromCharCode(...bytes.subarray(0, 100));
  need(bytes.length <= 100 && NAMES.test(name), "zip", "A member has a name that no bundle has.");
  return name;
}

function inOrder(names) {
  need(names[0] === "manifest.json", "zip", "manifest.json is not its first member.");
  for (let at = 2; at < names.length; at++) {
    need(names[at - 1] < names[at], "zip", "Its members are not in order, or one is there twice.");
  }
  need(names.indexOf("manifest.json", 1) < 0, "zip", "manifest.json is there twice.");
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes) {
  let value = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) value = CRC_TABLE[(value ^ bytes[at]) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
