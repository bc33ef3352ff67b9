// hono with its own `hono/cors`.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
const [A, B] = ["https://a.example", "https://b.example:8443"];

const policies = {
  "/one": { origin: A, allowMethods: ["GET", "PUT"], allowHeaders: ["X-A"], exposeHeaders: ["ETag"] },
  "/several": { origin: [A, B], credentials: true },
  "/open": undefined,
  "/cookies": { origin: (origin) => origin, credentials: true },
  "/pattern": { origin: (origin) => (/^https:\/\/.*\.example\.org$/.test(origin) ? origin : null) },
  "/age": { origin: A, allowMethods: ["GET", "PUT"], maxAge: 0 },
  "/ipv6": { origin: "http://[::1]:3000" },
  "/own": { origin: A },
};
const app = new Hono();
for (const [path, policy] of Object.entries(policies)) {
  app.use(path, cors(policy));
  app.get(path, (context) => {
    if (path === "/own" && context.req.header("Origin") === A) {
      context.header("Access-Control-Allow-Origin", A);
      context.header("Vary", "Origin");
    }
    return context.text("x");
  });
  app.put(path, (context) => context.text("x"));
}
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
