// Uploads on `node:http` as people write them: a body by `pipeline` to a file beside its place, and
// forms by busboy.
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import type { Store } from "../store.ts";

/** Answers a PUT or a POST. */
export async function takeUpload(
  request: IncomingMessage,
  response: ServerResponse,
  { quick, durable }: Store,
): Promise<void> {
  if (request.method === "POST") {
    await takeForm(request, quick);
    response.writeHead(201).end();
    return;
  }
  const [, folder, name] = /^\/(upload|durable)\/([\w.-]+)$/u.exec(request.url ?? "") ?? [];
  if (name === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (folder === "durable") {
    const sha256 = await storeDurably(request, path.join(durable, name));
    response.setHeader("Repr-Digest", `sha-256=:${sha256}:`);
  } else await store(request, path.join(quick, name));
  response.writeHead(201).end();
}

async function takeForm(request: IncomingMessage, folder: string): Promise<void> {
  const stored: Promise<void>[] = [];
  const form = busboy({ headers: request.headers });
  form.on("file", (_name, file) => stored.push(store(file, path.join(folder, randomUUID()))));
  await pipeline(request, form);
  await Promise.all(stored);
}

async function store(content: NodeJS.ReadableStream, place: string): Promise<void> {
  const beside = `${place}.${randomUUID()}`;
  try {
    await pipeline(content, createWriteStream(beside));
    await rename(beside, place);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** On the disk, under its name, when it resolves with the SHA-256. */
async function storeDurably(content: NodeJS.ReadableStream, place: string): Promise<string> {
  const beside = `${place}.${randomUUID()}`;
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
  try {
    await pipeline(content, hashing, createWriteStream(beside, { flush: true }));
    await rename(beside, place);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  const folder = await open(path.dirname(place));
  await folder.sync();
  await folder.close();
  return hash.digest("base64");
}
