// How long small answers wait while files of 100 MB are downloaded from the disk (cold), and from
// the page cache (warm) to compare with. A server that waits for the disk on its loop stalls all.
import { spawn } from "node:child_process";
import { statfsSync } from "node:fs";
import path from "node:path";
import { COLD_FILES } from "../material.ts";
import { LOAD_CPU, pinned } from "../processors.ts";
import { percentile } from "../statistics.ts";
import { waits } from "../waits.ts";
import type { Row } from "./row.ts";
import { ONE_KB } from "./requests.ts";
import { verifiedLoad } from "./under-load.ts";

const LANES = 2;
const TMPFS = 0x01021994; // linux/magic.h

// Downloads files in turn until it is told to end. dd, when it copies nothing, calls
// posix_fadvise(POSIX_FADV_DONTNEED) for the whole file. curl shares a core with who asks for the
// small answers, whose waits for that core would be taken for stalls: so it stands back, and takes
// no more than leaves most of the core free.
const DOWNLOADS = `
url=$1 cold=$2 curl=; shift 2
trap '[ -z "$curl" ] || { kill $curl; wait $curl; }; exit 0' TERM
while :; do
  for file; do
    [ "$cold" = no ] || dd if="$file" iflag=nocache count=0 status=none || exit 1
    echo "$file"
    nice -n 19 curl -sf --limit-rate 100M -o /dev/null "$url/\${file##*/}" & curl=$!
    wait $curl || exit 1
  done
done`;

export const besideWarm = besideDownloads("warm", "1 KB beside downloads from memory, p99");
export const besideCold = besideDownloads("cold", "1 KB beside downloads from the disk, p99");

function besideDownloads(name: "warm" | "cold", title: string): Row {
  return {
    name,
    title,
    unit: "ms",
    roundsMax: 7,
    ready: async (contestant, arena) => {
      // Nothing can be forgotten of a file system that is memory.
      if (name === "cold" && statfsSync(arena.material).type === TMPFS) return null;
      const server = await arena.kept(contestant);
      await verifiedLoad(server, arena.material, { name, title, request: ONE_KB });
      await waits(server.port, ONE_KB.path, 1); // warms up
      return async () => {
        const lanes = Array.from({ length: LANES }, (_, lane) =>
          downloads(server.port, filesOf(arena.material, lane), name === "cold"),
        );
        const took = await waits(server.port, ONE_KB.path, arena.seconds);
        for (const stop of lanes) await stop();
        return percentile(took, 99);
      };
    },
  };
}

function filesOf(material: string, lane: number): string[] {
  const all = Array.from({ length: COLD_FILES }, (_, at) => path.join(material, `cold-${at}.bin`));
  return all.filter((_, at) => at % LANES === lane);
}

/** Begins to download; returns what stops it and rejects when it had not begun, or had failed. */
function downloads(port: number, files: readonly string[], cold: boolean): () => Promise<void> {
  const script = ["-c", DOWNLOADS, "sh", `http://127.0.0.1:${port}`, cold ? "yes" : "no"];
  const [program, ...args] = pinned(LOAD_CPU, ["sh", ...script, ...files]);
  const child = spawn(program!, args, { stdio: ["ignore", "pipe", "ignore"] });
  let begun = 0;
  child.stdout.on("data", (chunk: Buffer) => (begun += chunk.toString().split("\n").length - 1));
  const exit = new Promise((resolve) => child.on("exit", resolve));
  return async () => {
    if (child.exitCode !== null) throw new Error("a download failed");
    child.kill("SIGTERM");
    await exit;
    if (begun === 0) throw new Error("no download began");
  };
}
