// The middleware put to the vectors for servers, over HTTP: node servers.mjs FOLDER

import { createServer, request as ask } from "node:http";
import { once } from "node:events";

import { cors } from "./middleware.mjs";
import { get, members, vectors } from "./reading.mjs";

function holds(condition, status, headers) {
  if (condition.status) return condition.status[0] <= status && status <= condition.status[1];
  const value = get(headers, condition.header);
  if (condition.absent) return value === null;
  if (condition.is) return condition.is.includes(value);
  const cased = (text) => (condition.ignore_case ? text.toLowerCase() : text);
  const listed = members(value).map(cased);
  const named = (condition.has ?? condition.lacks).some((text) => listed.includes(cased(text)));
  return condition.has ? named : !named;
}

function isRight(vector, status, headers) {
  const met = (condition) => holds(condition, status, headers);
  return vector.required.every(met) && !vector.forbidden.some((list) => list.every(met));
}

async function answer(vector) {
  const { status, headers } = vector.application;
  const server = createServer(
    cors(vector.policy, (_, response) => {
      for (const [name, value] of headers) response.setHeader(name, value);
      response.writeHead(status).end();
    }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const sent = ask({
    port: server.address().port,
    host: "127.0.0.1",
    agent: false,
    method: vector.request.method,
    headers: Object.fromEntries(vector.request.headers),
  }).end();
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  server.close();
  const { rawHeaders: raw } = response;
  const pairs = raw.flatMap((name, at) => (at % 2 ? [] : [[name, raw[at + 1]]]));
  return { status: response.statusCode, headers: pairs };
}

const all = vectors(process.argv[2], "server");
const wrong = [];
for (const vector of all) {
  const { status, headers } = await answer(vector);
  if (!isRight(vector, status, headers)) wrong.push(`${vector.id}: ${status} ${JSON.stringify(headers)}`);
}
console.log(`servers: ${all.length - wrong.length} of ${all.length} vectors`);
for (const line of wrong) console.log(`  ${line}`);
process.exitCode = wrong.length ? 1 : 0;
