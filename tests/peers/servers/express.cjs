// express with the middleware `cors`.
const express = require("express");
const cors = require("cors");
const [A, B] = ["https://a.example", "https://b.example:8443"];

const policies = {
  "/one": { origin: A, methods: ["GET", "PUT"], allowedHeaders: ["X-A"], exposedHeaders: ["ETag"] },
  "/several": { origin: [A, B], credentials: true },
  "/open": {},
  "/cookies": { origin: true, credentials: true },
  "/pattern": { origin: /^https:\/\/.*\.example\.org$/ },
  "/age": { origin: A, methods: ["GET", "PUT"], maxAge: 0 },
  "/ipv6": { origin: "http://[::1]:3000" },
  "/own": { origin: A },
};
const app = express();
for (const [path, policy] of Object.entries(policies)) {
  app.use(path, cors(policy));
  app.get(path, (request, response) => {
    if (path === "/own" && request.get("Origin") === A) {
      response.set("Access-Control-Allow-Origin", A);
      response.vary("Origin");
    }
    response.send("x");
  });
  app.put(path, (request, response) => response.send("x"));
}
app.listen(Number(process.argv[2]), "127.0.0.1");
