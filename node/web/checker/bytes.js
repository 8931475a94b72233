// Bytes as text, as hex, as base64url (RFC 4648, section 5) and base58btc; each can be written in one way only.
import { need } from "./refused.js";

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

export function textOf(bytes, place) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) need(false, place, "It is not UTF-8.");
    throw error;
  }
}

export function bytesOf(text) {
  return new TextEncoder().encode(text);
}

export function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

export function fromBase64url(text, place) {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const digit = BASE64URL.indexOf(letter);
    need(digit >= 0, place, "It is not base64url.");
    held = (held << 6) | digit;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 255;
      held &= (1 << bits) - 1;
    }
  }
  need(text.length % 4 !== 1 && held === 0, place, "It is not base64url written to the end.");
  return bytes;
}

export function toBase64url(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => BASE64URL[(group >> shift) & 63]).join("");
    text += letters.slice(0, Math.min(4, bytes.length - at + 1));
  }
  return text;
}

export function fromBase58(text, place) {
  need(text.length <= 200, place, "A base58 text is too long.");
  let number = 0n;
  for (const letter of text) {
    const digit = BASE58.indexOf(letter);
    need(digit >= 0, place, "It is not base58.");
    number = number * 58n + BigInt(digit);
  }
  const bytes = [];
  for (; number > 0n; number /= 256n) bytes.unshift(Number(number % 256n));
  for (let at = 0; text[at] === "1"; at++) bytes.unshift(0);
  return Uint8Array.from(bytes);
}

export async function sha256(bytes) {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
