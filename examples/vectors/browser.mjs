// A small browser half of CORS, after the Fetch standard: what a page's request becomes, and
// whether the page can read the answer. It knows no network: `send` gives the answers.

import { get, members, trim } from "./reading.mjs";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NORMALIZED = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
const SAFELISTED = ["GET", "HEAD", "POST"];
const FORBIDDEN = ["CONNECT", "TRACE", "TRACK"];
const FORBIDDEN_HEADERS = `accept-charset accept-encoding access-control-request-headers
  access-control-request-method connection content-length cookie cookie2 date dnt expect host
  keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via`.split(/\s+/);
const OVERRIDES = ["x-http-method", "x-http-method-override", "x-method-override"];
const TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
const READABLE = `cache-control content-language content-length content-type expires last-modified
  pragma`.split(/\s+/);
const OF_THE_BODY = ["content-encoding", "content-language", "content-location", "content-type"];
const UNSAFE = /[\x00-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/;

const lower = (text) => text.toLowerCase();
const refusal = { allowed: false, readable: [] };

/** One browser: it keeps preflights and, where it is told to, answers. */
export class Browser {
  constructor(send, { sharedCache = false } = {}) {
    this.send = send;
    this.sharedCache = sharedCache;
    this.preflights = [];
    this.stored = new Map();
    this.now = 0;
  }

  /** Fetch for a page; say whether it can read the answer, and the names of which headers. */
  fetch({ method, origin, url, headers, credentials, mode, upload_listener: listener }) {
    if (!TOKEN.test(method) || FORBIDDEN.includes(method.toUpperCase())) return refusal;
    method = normalize(method);
    if (mode === "no-cors" && !SAFELISTED.includes(method)) return refusal;
    const lines = headers.map(([name, value]) => [name, value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "")]);
    if (lines.some(([name, value]) => !TOKEN.test(name) || /[\0\r\n]|[^\x00-\xff]/.test(value))) {
      return refusal;
    }
    const request = { method, origin, url, credentials, mode, listener, headers: sendable(lines, mode) };
    return this.follow(request);
  }

  follow(request) {
    const kind = tainting(request);
    if (kind === "error") return refusal;
    const answer = this.exchange(request, kind);
    if (answer === null) return refusal;
    const location = get(answer.headers, "Location");
    if ([301, 302, 303, 307, 308].includes(answer.status) && location !== null) {
      const next = redirected(request, answer.status, location, kind);
      return next === null ? refusal : this.follow(next);
    }
    if (kind === "opaque") return refusal;
    return { allowed: true, readable: readable(request, answer, kind) };
  }

  /** The answer to one request, after its preflight; null where the page may not have it. */
  exchange(request, kind) {
    const unsafe = unsafeNames(request.headers);
    const asksFirst =
      kind === "cors" &&
      (request.listener || !SAFELISTED.includes(request.method) || unsafe.length > 0);
    if (asksFirst && !this.known(request, unsafe) && !this.preflight(request, unsafe)) return null;
    const answer = this.reused(request, kind) ?? this.sent(request, kind);
    if (kind !== "cors" || shares(request, answer)) return answer;
    if (asksFirst) this.forget(request);
    return null;
  }

  sent(request, kind) {
    const headers = requestHeaders(request, kind);
    const answer = this.send({ method: request.method, url: request.url, headers });
    if (this.sharedCache && request.method === "GET") {
      this.stored.set(request.url, { asked: headers, answer });
    }
    return answer;
  }

  // RFC 9111, 3 and 4.1
  reused(request, kind) {
    const stored = request.method === "GET" ? this.stored.get(request.url) : undefined;
    if (!stored) return null;
    const { asked, answer } = stored;
    if (members(get(answer.headers, "Cache-Control")).map(lower).includes("no-store")) return null;
    const vary = members(get(answer.headers, "Vary")).map(lower);
    const headers = requestHeaders(request, kind);
    const value = (lines, name) => get(lines, name)?.replace(/[\t ]*,[\t ]*/g, ",");
    const same = vary.every((name) => value(asked, name) === value(headers, name));
    return same && !vary.includes("*") ? answer : null;
  }

  // Fetch, "CORS-preflight cache"
  known(request, unsafe) {
    const mine = this.preflights.filter((kept) => this.isAbout(kept, request));
    const method = SAFELISTED.includes(request.method) && !request.listener;
    return (
      (method || mine.some((kept) => ["*", request.method].includes(kept.method))) &&
      unsafe.every((name) => mine.some((kept) => covers(kept.header, name)))
    );
  }

  isAbout(kept, { origin, url, credentials }) {
    const mayHaveCredentials = kept.credentials || credentials !== "include";
    return this.now < kept.expires && kept.origin === origin && kept.url === url && mayHaveCredentials;
  }

  forget({ origin, url }) {
    this.preflights = this.preflights.filter((kept) => kept.origin !== origin || kept.url !== url);
  }

  keep(request, grant, same) {
    const expires = this.now + grant.seconds;
    const mine = this.preflights.filter((kept) => this.isAbout(kept, request) && same(kept));
    for (const kept of mine) kept.expires = expires;
    if (mine.length) return;
    const { origin, url } = request;
    const credentials = request.credentials === "include";
    this.preflights.push({ origin, url, credentials, ...grant.entry, expires });
  }

  // Fetch, "CORS-preflight fetch"
  preflight(request, unsafe) {
    const headers = [
      ["origin", request.origin],
      ["access-control-request-method", request.method],
    ];
    if (unsafe.length) headers.push(["access-control-request-headers", unsafe.join(",")]);
    const answer = this.send({ method: "OPTIONS", url: request.url, headers });
    const listed = get(answer.headers, "Access-Control-Allow-Methods");
    const silent = listed === null && request.listener;
    const methods = silent ? [request.method] : members(listed);
    const names = members(get(answer.headers, "Access-Control-Allow-Headers")).map(lower);
    const star = request.credentials !== "include";
    const granted =
      shares(request, answer) &&
      answer.status >= 200 &&
      answer.status <= 299 &&
      [...methods, ...names].every((name) => TOKEN.test(name)) &&
      (SAFELISTED.includes(request.method) ||
        methods.includes(request.method) ||
        (star && methods.includes("*"))) &&
      unsafe.every((name) => names.includes(name) || (star && names.some((one) => covers(one, name))));
    if (!granted) {
      this.forget(request);
      return false;
    }
    const seconds = maxAge(answer.headers);
    for (const method of methods) {
      const same = (kept) => ["*", method].includes(kept.method);
      this.keep(request, { seconds, entry: { method } }, same);
    }
    for (const header of names) {
      this.keep(request, { seconds, entry: { header } }, (kept) => covers(kept.header, header));
    }
    return true;
  }
}

// Fetch, "CORS check"
function shares({ origin, credentials }, { headers }) {
  const allowed = get(headers, "Access-Control-Allow-Origin");
  if (credentials !== "include") return allowed === "*" || allowed === origin;
  return allowed === origin && get(headers, "Access-Control-Allow-Credentials") === "true";
}

// Fetch, "Responses", CORS filtered response
function readable(request, answer, kind) {
  const names = [...new Set(answer.headers.map(([name]) => lower(name)))]
    .filter((name) => name !== "set-cookie" && name !== "set-cookie2")
    .sort();
  if (kind === "basic") return names;
  let exposed = members(get(answer.headers, "Access-Control-Expose-Headers"));
  if (!exposed.every((name) => TOKEN.test(name))) exposed = [];
  if (exposed.includes("*") && request.credentials !== "include") return names;
  const known = new Set([...READABLE, ...exposed.map(lower)]);
  return names.filter((name) => known.has(name));
}

// Fetch, "Main fetch" step 12
function tainting({ origin, url, mode }) {
  const { protocol, origin: target } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return "error";
  if (origin === target) return "basic";
  return { cors: "cors", "no-cors": "opaque", "same-origin": "error" }[mode];
}

function requestHeaders(request, kind) {
  const hidden = kind !== "cors" && ["GET", "HEAD"].includes(request.method);
  const joined = new Map(hidden ? [] : [["origin", request.origin]]);
  for (const [name] of request.headers) joined.set(lower(name), get(request.headers, name));
  return [...joined];
}

// Fetch, "HTTP-redirect fetch"
function redirected(request, status, location, kind) {
  const from = new URL(request.url);
  const to = new URL(location, from);
  if (to.protocol !== "http:" && to.protocol !== "https:") return null;
  const home = request.origin === to.origin && kind !== "cors";
  if ((to.username || to.password) && !home) return null;
  let { method, headers, origin } = request;
  const toGet = [301, 302].includes(status) && method === "POST";
  if (toGet || (status === 303 && !["GET", "HEAD"].includes(method))) {
    method = "GET";
    headers = headers.filter(([name]) => !OF_THE_BODY.includes(lower(name)));
  }
  if (from.origin !== to.origin) {
    headers = headers.filter(([name]) => lower(name) !== "authorization");
    if (from.origin !== origin) origin = "null";
  }
  return { ...request, method, headers, origin, url: to.href };
}

// Fetch, "Methods", normalize
const normalize = (method) =>
  NORMALIZED.includes(method.toUpperCase()) ? method.toUpperCase() : method;

// Fetch, "Headers", forbidden request-header
function isForbidden(name, value) {
  const key = lower(name);
  if (FORBIDDEN_HEADERS.includes(key) || /^(proxy-|sec-)/.test(key)) return true;
  const overridden = members(value).map((method) => method.toUpperCase());
  return OVERRIDES.includes(key) && overridden.some((method) => FORBIDDEN.includes(method));
}

function sendable(lines, mode) {
  const simple = ["accept", "accept-language", "content-language", "content-type"];
  return lines
    .filter(([name, value]) => !isForbidden(name, value))
    .filter(([name, value]) => mode !== "no-cors" || (simple.includes(lower(name)) && isSafe(name, value)));
}

// Fetch, "Headers", CORS-safelisted request-header
function isSafe(name, value) {
  if (value.length > 128) return false;
  switch (lower(name)) {
    case "accept":
      return !UNSAFE.test(value);
    case "accept-language":
    case "content-language":
      return /^[0-9A-Za-z *,\-.;=]*$/.test(value);
    case "content-type":
      return !UNSAFE.test(value) && TYPES.includes(lower(trim(value.split(";")[0])));
    case "range": {
      const [, first, last] = /^bytes=([0-9]+)-([0-9]*)$/.exec(value) ?? [];
      return first !== undefined && (last === "" || Number(first) <= Number(last));
    }
    default:
      return false;
  }
}

// Fetch, "Headers", CORS-unsafe request-header names
function unsafeNames(headers) {
  const safe = headers.filter(([name, value]) => isSafe(name, value));
  const tooMuch = safe.reduce((sum, [, value]) => sum + value.length, 0) > 1024;
  const unsafe = tooMuch ? headers : headers.filter((line) => !safe.includes(line));
  return [...new Set(unsafe.map(([name]) => lower(name)))].sort();
}

// Fetch, "CORS-preflight fetch" steps 7.8 to 7.10
function maxAge(headers) {
  const value = get(headers, "Access-Control-Max-Age") ?? "";
  return /^[0-9]+$/.test(value) ? Math.min(Number(value), 2 ** 31) : 5;
}

/** Whether a granted header name is this one: a `*` is all but Authorization. */
const covers = (granted, name) => granted === name || (granted === "*" && name !== "authorization");
