// koa with @koa/cors, whose origin is one text or a function.
const Koa = require("koa");
const cors = require("@koa/cors");
const [A, B] = ["https://a.example", "https://b.example:8443"];

const oneOf = (allowed) => (context) => (allowed(context.get("Origin")) ? context.get("Origin") : "");
const policies = {
  "/one": { origin: A, allowMethods: ["GET", "PUT"], allowHeaders: ["X-A"], exposeHeaders: ["ETag"] },
  "/several": { origin: oneOf((origin) => [A, B].includes(origin)), credentials: true },
  "/open": {},
  "/cookies": { origin: oneOf(() => true), credentials: true },
  "/pattern": { origin: oneOf((origin) => /^https:\/\/.*\.example\.org$/.test(origin)) },
  "/age": { origin: A, allowMethods: ["GET", "PUT"], maxAge: 0 },
  "/ipv6": { origin: "http://[::1]:3000" },
  "/own": { origin: A },
};
const middleware = Object.fromEntries(
  Object.entries(policies).map(([path, policy]) => [path, cors(policy)]),
);
const app = new Koa();
app.use((context, next) => (middleware[context.path] ?? ((_, go) => go()))(context, next));
app.use((context) => {
  if (context.path === "/own" && context.get("Origin") === A) {
    context.set("Access-Control-Allow-Origin", A);
    context.vary("Origin");
  }
  context.body = "x";
});
app.listen(Number(process.argv[2]), "127.0.0.1");
