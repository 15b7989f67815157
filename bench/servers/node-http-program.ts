// A file server on `node:http` as people write it: `node node-http-program.ts FOLDER PORT QUICK
// DURABLE`, the last two being where uploads go.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { takeUpload } from "./node-http-uploads.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".bin": "application/octet-stream",
  ".html": "text/html",
};

const [material, port, quick, durable] = process.argv.slice(2) as [string, string, string, string];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const file = path.join(material, path.normalize(decodeURIComponent(pathname)));
  const stats = await stat(file).catch(() => null);
  if (stats === null || !stats.isFile()) {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("Not Found");
    return;
  }
  const etag = `"${stats.size.toString(16)}-${stats.mtimeMs.toString(16)}"`;
  response.setHeader("ETag", etag);
  response.setHeader("Last-Modified", stats.mtime.toUTCString());
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader("Content-Type", TYPES[path.extname(file)] ?? "text/plain");
  const range = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? "");
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(Number(range?.[2] ?? stats.size - 1), stats.size - 1);
  if (range !== null) {
    response.statusCode = 206;
    response.setHeader("Content-Range", `bytes ${start}-${end}/${stats.size}`);
  }
  response.setHeader("Content-Length", end - start + 1);
  createReadStream(file, { start, end }).pipe(response);
}

function sayHello(response: ServerResponse): void {
  response.setHeader("Content-Type", "text/plain");
  response.end("hello");
}

const server = createServer((request, response) => {
  if (request.url === "/hello" || request.url === "/app/hello") {
    sayHello(response);
    return;
  }
  if (request.url === "/app/async") {
    void Promise.resolve(response).then(sayHello);
    return;
  }
  const isUpload = request.method === "PUT" || request.method === "POST";
  const answered = isUpload
    ? takeUpload(request, response, { quick, durable })
    : answer(request, response);
  answered.catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 65_000; // as the others have it: idle connections are to stay
server.listen(Number(port), "127.0.0.1", 4096);
