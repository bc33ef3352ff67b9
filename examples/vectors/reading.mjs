// The files of vectors, and headers as both programs need them.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Read the vectors of `browser` or `server` from a folder. */
export function vectors(folder, name) {
  const document = JSON.parse(readFileSync(join(folder, `${name}-vectors.json`), "utf8"));
  if (document.format !== 1) throw new Error(`unknown format ${document.format}`);
  return document.vectors;
}

/** The value of a header: its lines, without the space around them, joined; null where there is none. */
export function get(headers, name) {
  const values = headers
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .map(([, value]) => trim(value));
  return values.length ? values.join(", ") : null;
}

/** The members of a list separated by commas. */
export const members = (value) =>
  (value ?? "").split(",").map(trim).filter((member) => member !== "");

export const trim = (value) => value.replace(/^[\t ]+|[\t ]+$/g, "");
