// A server in a program of your own. `:name` is a parameter, and the compiler knows it by the path.
import { createServer, text } from "portico";

const server = createServer({
  listen: Number(process.env["PORT"] ?? 8080),
  routes: [
    { path: "/", handle: () => text("Hello.\n") },
    { path: "/hi/:name", handle: ({ params }) => text(`Hello, ${params.name}.\n`) },
  ],
});

await server.start();
console.log(server.url);
process.once("SIGTERM", () => void server.stop());
process.once("SIGINT", () => void server.stop());
