// How long small answers wait while files of 100 MB are downloaded from the disk (cold), and from
// the page cache (warm) to compare with. A server that waits for the disk on its loop stalls all.
import { spawn, spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";
import path from "node:path";
import { load } from "../load.ts";
import { COLD_FILES } from "../material.ts";
import { LOAD_CPU, pinned } from "../processors.ts";
import { ONE_KB } from "./requests.ts";
import type { Row } from "./row.ts";
import { verifiedLoad } from "./under-load.ts";

const AT_ONCE = 2;
const TMPFS = 0x01021994; // linux/magic.h

export const besideWarm = besideDownloads("warm", "beside downloads of cached 100 MB, p99 of 1 KB");
export const besideCold = besideDownloads("cold", "beside downloads from the disk, p99 of 1 KB");

function besideDownloads(name: "warm" | "cold", title: string): Row {
  return {
    name,
    title,
    unit: "ms",
    roundsMax: 3,
    ready: async (contestant, arena) => {
      // Nothing can be forgotten of a file system that is memory.
      if (name === "cold" && statfsSync(arena.material).type === TMPFS) return null;
      const server = await arena.kept(contestant);
      const row = { name, title, request: ONE_KB, connections: 4 };
      const small = await verifiedLoad(server, arena.material, row);
      return async () => {
        const over = new AbortController();
        const downloads = Array.from({ length: AT_ONCE }, (_, lane) =>
          download(server.port, arena.material, lane, name === "cold", over.signal),
        );
        const { p99 } = await load({ ...small, seconds: arena.seconds });
        over.abort();
        const counts = await Promise.all(downloads);
        if (counts.includes(0)) throw new Error(`${contestant.name}: a download did not begin`);
        return p99 / 1000;
      };
    },
  };
}

/** Downloads the files of one `lane` in turn until told that it is over; returns how many. */
async function download(
  port: number,
  material: string,
  lane: number,
  cold: boolean,
  over: AbortSignal,
): Promise<number> {
  let count = 0;
  for (let at = lane; !over.aborted; at = (at + AT_ONCE) % COLD_FILES) {
    const name = `cold-${at}.bin`;
    if (cold) forget(path.join(material, name));
    count += 1;
    await curl(`http://127.0.0.1:${port}/${name}`, over);
  }
  return count;
}

// posix_fadvise(POSIX_FADV_DONTNEED) on the whole file, which is what dd does when it copies none.
function forget(file: string): void {
  const { status } = spawnSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
  if (status !== 0) throw new Error(`dd could not drop the cache of ${path.basename(file)}`);
}

// Below wrk's priority, with which it shares a core: a wait for that would be taken for a stall.
function curl(url: string, over: AbortSignal): Promise<void> {
  const args = ["nice", "-n", "19", "curl", "-sf", "-o", "/dev/null", url];
  const [program, ...rest] = pinned(LOAD_CPU, args);
  const child = spawn(program!, rest, { stdio: "ignore" });
  const stop = () => child.kill();
  over.addEventListener("abort", stop);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      over.removeEventListener("abort", stop);
      if (code === 0 || over.aborted) resolve();
      else reject(new Error(`curl ended with ${code} for ${url}`));
    });
  });
}
