// fastify with @fastify/cors, a scope for each path.
const fastify = require("fastify")();
const cors = require("@fastify/cors");
const [A, B] = ["https://a.example", "https://b.example:8443"];

const policies = {
  "/one": { origin: A, methods: ["GET", "PUT"], allowedHeaders: ["X-A"], exposedHeaders: ["ETag"] },
  "/several": { origin: [A, B], credentials: true },
  "/open": { origin: "*" },
  "/cookies": { origin: true, credentials: true },
  "/pattern": { origin: /^https:\/\/.*\.example\.org$/ },
  "/age": { origin: A, methods: ["GET", "PUT"], maxAge: 0 },
  "/ipv6": { origin: "http://[::1]:3000" },
  "/own": { origin: A },
};
for (const [path, policy] of Object.entries(policies)) {
  fastify.register(
    async (scope) => {
      await scope.register(cors, policy);
      scope.get("", async (request, reply) => {
        if (path === "/own" && request.headers.origin === A) {
          reply.header("Access-Control-Allow-Origin", A).header("Vary", "Origin");
        }
        return "x";
      });
      scope.put("", async () => "x");
    },
    { prefix: path },
  );
}
fastify.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
