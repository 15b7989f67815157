// CPU time of a megabyte that is uploaded and stored. Every round sends as many bytes, so that what
// it writes is bounded, and away again behind it.
import { randomBytes } from "node:crypto";
import { cpuTimeBetween, cpuTimes } from "../cpu-time.ts";
import type { RunningServer } from "../running-server.ts";
import type { Contestant } from "../servers/contestant.ts";
import { empty, holds } from "../store.ts";
import { formOf, upload, type Upload } from "../uploads.ts";
import type { Row } from "./row.ts";

const MB = 1024 * 1024;
/** Rounds that are not measured. */
const WARMUPS = 4;

export interface Uploading {
  readonly name: string;
  readonly title: string;
  readonly kind: "put" | "durable" | "form";
  /** Of one upload. */
  readonly bytes: number;
  readonly connections: number;
  /** Uploads a round. */
  readonly count: number;
}

/** A row of CPU time a megabyte. */
export function uploading(row: Uploading): Row {
  return {
    name: row.name,
    title: row.title,
    unit: "µs/MB",
    ready: async (contestant, arena) => {
      if (!takesUploads(contestant)) return null;
      const server = await arena.kept(contestant);
      const verified = await verifiedUpload(server, row);
      // Compiling is over then, as in the rows of requests.
      await upload(server.port, verified, { ...row, count: WARMUPS * row.count });
      empty(server.store);
      return async () => {
        const before = cpuTimes(server.pid);
        await upload(server.port, verified, row);
        const microseconds = cpuTimeBetween(before, cpuTimes(server.pid)) / 1000;
        empty(server.store);
        return microseconds / ((row.bytes * row.count) / MB);
      };
    },
  };
}

/** Whether what is installed of `contestant` takes uploads. */
export function takesUploads({ uploads }: Contestant): boolean {
  return uploads === undefined || uploads();
}

/** The upload that `row` is, once the server has shown to store it as it was sent. */
export async function verifiedUpload(
  server: RunningServer,
  { kind, bytes }: Pick<Uploading, "kind" | "bytes">,
): Promise<Upload> {
  const content = randomBytes(bytes);
  const sent = uploadOf(kind, content);
  const { contestant, port, store } = server;
  // Once more than one file: what is there already is replaced, or named otherwise.
  await upload(port, sent, { connections: 1, count: 2 });
  if (!holds(store, content)) throw new Error(`${contestant.name} did not store what it was sent`);
  empty(store);
  return sent;
}

function uploadOf(kind: Uploading["kind"], content: Buffer): Upload {
  if (kind === "form") return { method: "POST", path: () => "/upload/", ...formOf(content) };
  const folder = kind === "put" ? "upload" : "durable";
  return { method: "PUT", path: (lane) => `/${folder}/${lane}.bin`, headers: {}, content };
}
