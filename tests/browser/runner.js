// What a page does: each case's calls one after the other, several cases at a time.
"use strict";

const AT_ONCE = 6;

async function readFetch(call) {
  const response = await fetch(call.url, call.init);
  const seen = { kind: response.type, status: response.status, headers: [...response.headers] };
  seen.body = await response.text();
  return seen;
}

// Upload listeners set the use-CORS-preflight flag (XMLHttpRequest, send).
function readUpload(call) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(call.init.method, call.url);
    xhr.withCredentials = call.init.credentials === "include";
    for (const [name, value] of call.init.headers) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = () => {};
    xhr.onerror = () => reject(new TypeError("XMLHttpRequest"));
    xhr.onload = () => {
      const lines = xhr.getAllResponseHeaders().split("\r\n").filter(Boolean);
      const headers = lines.map(line => line.split(/: ?(.*)/s).slice(0, 2));
      const kind = new URL(call.url).origin === origin ? "basic" : "cors";
      resolve({ kind, status: xhr.status, headers, body: xhr.responseText });
    };
    xhr.send(call.init.body);
  });
}

async function see(call) {
  if (call.wait) await new Promise(resolve => setTimeout(resolve, call.wait));
  try {
    return await (call.upload ? readUpload(call) : readFetch(call));
  } catch (error) {
    return { kind: "error", error: String(error) };
  }
}

async function seeAll(calls) {
  const seen = [];
  for (const call of calls) seen.push(await see(call));
  return seen;
}

async function run(cases) {
  const results = {};
  const waiting = [...cases];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      results[next.id] = await seeAll(next.calls);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

// The same in a sandboxed frame, whose origin is opaque.
function runInFrame(cases) {
  return new Promise(resolve => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = "/page";
    addEventListener("message", event => resolve(event.data), { once: true });
    frame.addEventListener("load", () => frame.contentWindow.postMessage(cases, "*"));
    document.body.append(frame);
  });
}

if (parent !== window) {
  addEventListener("message", async event => parent.postMessage(await run(event.data), "*"));
}
