// Fastify with @fastify/static and @fastify/multipart, by their defaults but for the size of files:
// `node fastify-program.ts FOLDER PORT STORE`.
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import fastifyMultipart from "@fastify/multipart";
import fastifyStatic from "@fastify/static";
import fastify from "fastify";

const [material, port, store] = process.argv.slice(2) as [string, string, string];
const app = fastify({ logger: false });
app.get("/hello", (_request, reply) => reply.type("text/plain").send("hello"));
app.get("/app/hello", (_request, reply) => reply.type("text/plain").send("hello"));
app.get("/app/async", async () => "hello");
await app.register(fastifyMultipart, { limits: { fileSize: 1024 ** 3 } });
app.post("/upload/", async (request, reply) => {
  for await (const { file } of request.files()) {
    await pipeline(file, createWriteStream(path.join(store, randomUUID())));
  }
  return reply.code(201).send();
});
await app.register(fastifyStatic, {
  root: material,
  index: false, // a folder is listed only where no index file is looked for
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
