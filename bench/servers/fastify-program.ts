// Fastify with @fastify/static and their defaults: `node fastify-program.ts FOLDER PORT`.
import fastifyStatic from "@fastify/static";
import fastify from "fastify";

const [material, port] = process.argv.slice(2) as [string, string];
const app = fastify({ logger: false });
app.get("/hello", (_request, reply) => reply.type("text/plain").send("hello"));
await app.register(fastifyStatic, {
  root: material,
  list: {
    format: "html",
    render: (folders, files) => {
      const entry = (link: { href: string; name: string }) =>
        `<li><a href="${link.href}">${link.name}</a></li>`;
      return `<ul>${[...folders, ...files].map(entry).join("")}</ul>`;
    },
  },
});
await app.listen({ host: "127.0.0.1", port: Number(port) });
