// The most memory that a server takes over what it had, while 50 uploads run at once.
import { memoryKiB } from "../memory.ts";
import type { RunningServer } from "../running-server.ts";
import { upload } from "../uploads.ts";
import type { Row } from "./row.ts";
import { takesUploads, verifiedUpload } from "./uploading.ts";

const UPLOADS = 50;
const MB = 1024 * 1024;
/** Of one upload: some seconds of work in all, and more than any server holds back. */
const BYTES = 8 * MB;
const EVERY_MS = 50;
const SETTLE_MS = 500;

export const uploadsAtOnce: Row = {
  name: "uploads-50",
  title: "50 uploads of 8 MB at once, memory over idle",
  unit: "MiB",
  roundsMax: 3,
  ready: async (contestant, arena) => {
    if (!takesUploads(contestant)) return null;
    return () => arena.withFresh(contestant, {}, memoryGained);
  },
};

async function memoryGained(server: RunningServer): Promise<number> {
  const verified = await verifiedUpload(server, { kind: "put", bytes: BYTES });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const before = memoryKiB(server.pid);
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, memoryKiB(server.pid))), EVERY_MS);
  try {
    await upload(server.port, verified, { connections: UPLOADS, count: UPLOADS });
  } finally {
    clearInterval(looking);
  }
  return (most - before) / 1024;
}
