// A small CORS middleware for node:http. It takes the policies of the vectors as they are.

const SAFELISTED = ["GET", "HEAD", "POST"];

const MATCHES = {
  any: () => true,
  null: (origin) => origin === "null",
  exact: (origin, described) => origin === described.origin,
  subdomains: (origin, { scheme, host }) =>
    origin.startsWith(`${scheme}://`) && origin.endsWith(`.${host}`),
  "any-port": (origin, { scheme, host }) =>
    origin === `${scheme}://${host}` ||
    (origin.startsWith(`${scheme}://${host}:`) &&
      /^[0-9]+$/.test(origin.slice(`${scheme}://${host}:`.length))),
};

/** Put the policy before a handler of node:http. */
export function cors(policy, handler) {
  return (request, response) => {
    const origin = request.headers.origin;
    const allowed =
      origin !== undefined && policy.origins.some((one) => MATCHES[one.kind](origin, one));
    varyByOrigin(response);
    if (allowed) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      if (policy.credentials) response.setHeader("Access-Control-Allow-Credentials", "true");
    }
    const method = request.headers["access-control-request-method"];
    if (request.method === "OPTIONS" && method !== undefined) {
      if (allowed) preflight(policy, method, request.headers, response);
      response.writeHead(204).end();
      return;
    }
    if (allowed && policy.exposed.length) {
      response.setHeader("Access-Control-Expose-Headers", policy.exposed.join(", "));
    }
    handler(request, response);
  };
}

function preflight(policy, method, headers, response) {
  const allows = (listed, name) => listed === "any" || listed.includes(name);
  if (allows(policy.methods, method) || SAFELISTED.includes(method)) {
    response.setHeader("Access-Control-Allow-Methods", method);
  }
  const asked = (headers["access-control-request-headers"] ?? "").split(",").filter(Boolean);
  const known =
    policy.headers === "any" ? "any" : policy.headers.map((name) => name.toLowerCase());
  const granted = asked.filter((name) => allows(known, name.toLowerCase()));
  if (granted.length) response.setHeader("Access-Control-Allow-Headers", granted.join(", "));
  if (policy.max_age !== null) {
    response.setHeader("Access-Control-Max-Age", String(policy.max_age));
  }
  if (policy.private_network && headers["access-control-request-private-network"] === "true") {
    response.setHeader("Access-Control-Allow-Private-Network", "true");
  }
}

/** Name Origin in Vary beside what the handler names there, in writeHead too. */
function varyByOrigin(response) {
  response.setHeader("Vary", "Origin");
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    setHeader(name, name.toLowerCase() === "vary" ? [].concat(value, "Origin").join(", ") : value);
}
