// The browser half put to the vectors for browsers: node browsers.mjs FOLDER

import { isDeepStrictEqual } from "node:util";

import { Browser } from "./browser.mjs";
import { vectors } from "./reading.mjs";

const DIALECT = "standard";

/** Play a vector; give the first step where the browser does otherwise, or null. */
function play(vector) {
  let left = [];
  const send = (request) => {
    const next = left.shift();
    if (!next || !isDeepStrictEqual(sorted(request), sorted(next.sent))) {
      throw new Error(`sent ${JSON.stringify(request)}`);
    }
    return next.answer;
  };
  const browser = new Browser(send, { sharedCache: vector.shared_cache });
  for (const step of vector.steps) {
    left = [...step.exchanges];
    browser.now = step.at;
    const { allowed, readable } = browser.fetch(step.request);
    if (left.length) throw new Error(`did not send ${JSON.stringify(left[0].sent)}`);
    if (allowed !== step.verdict.allowed) throw new Error(`allowed: ${allowed}`);
    if (!isDeepStrictEqual(readable, step.verdict.readable_headers)) {
      throw new Error(`can read ${readable}`);
    }
  }
}

const sorted = ({ headers, ...rest }) => ({ ...rest, headers: [...headers].sort() });

const mine = vectors(process.argv[2], "browser").filter((one) => one.dialects.includes(DIALECT));
const wrong = [];
for (const vector of mine) {
  try {
    play(vector);
  } catch (error) {
    wrong.push(`${vector.id}: ${error.message}`);
  }
}
console.log(`browsers (${DIALECT}): ${mine.length - wrong.length} of ${mine.length} vectors`);
for (const line of wrong) console.log(`  ${line}`);
process.exitCode = wrong.length ? 1 : 0;
