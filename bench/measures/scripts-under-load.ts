// CPU time of an answer that a script made. Of a script that is run for it everything counts, the
// server, what runs the script and the script itself; of a page by php-fpm the server alone.
import type { ControlGroup } from "../control-group.ts";
import { load } from "../load.ts";
import { processTree } from "../process-tree.ts";
import { PHP_PAGE, TEN_LINES } from "../scripts.ts";
import type { Row } from "./row.ts";
import { cpuMicroseconds, type Request, type UnderLoad, verifiedLoad } from "./under-load.ts";

/** Longer than for files: of scripts a second has a thousand, and compiling wants some of them. */
const WARM_UP_SECONDS = 4;
/** Fewer than may run at once, so that nobody queues. */
const CONNECTIONS = 4;

export interface Scripted extends UnderLoad {
  readonly kind: "cgi" | "fastcgi";
}

export const SCRIPTED: readonly Scripted[] = [
  cgi("cgi-sh", "CGI script, sh, 10 lines", "ten.sh"),
  cgi("cgi-perl", "CGI script, perl, 10 lines", "ten.pl"),
  fastcgi("fastcgi", "page by php-fpm", "/php/page.php"),
  fastcgi("fastcgi-kept", "the same, nginx keeping connections", "/kept/page.php"),
];

/** A row of CPU time, of those who can run what it wants. */
export function scriptsUnderLoad(row: Scripted): Row {
  return {
    name: row.name,
    title: row.title,
    unit: "µs",
    ready: async (contestant, arena) => {
      const { scripts } = contestant;
      if (scripts === undefined || !scripts(row.kind)) return null;
      const by = row.kind === "fastcgi" ? "php-fpm" : (contestant.runner ?? null);
      const backend = by === null ? null : await arena.backend(by);
      if (by !== null && backend === null) return null;
      const server = await arena.kept(contestant);
      const round = await verifiedLoad(server, arena.material, row);
      await load({ ...round, seconds: WARM_UP_SECONDS });
      const measured = { ...round, seconds: arena.seconds };
      if (row.kind === "fastcgi") return () => cpuMicroseconds(server, measured, "answer");
      const group = arena.group(contestant.name);
      if (group === null) return null;
      group.add([server.pid, ...(backend === null ? [] : [backend.pid])].flatMap(processTree));
      return () => wholeMicroseconds(group, measured);
    },
  };
}

async function wholeMicroseconds(
  group: ControlGroup,
  round: Parameters<typeof load>[0],
): Promise<number> {
  const before = group.microseconds();
  const { requests } = await load(round);
  return (group.microseconds() - before) / requests;
}

function cgi(name: string, title: string, script: string): Scripted {
  const request = printed(`/cgi-bin/${script}`, TEN_LINES);
  return { kind: "cgi", name, title, request, connections: CONNECTIONS };
}

function fastcgi(name: string, title: string, path: string): Scripted {
  const request = printed(path, PHP_PAGE);
  return { kind: "fastcgi", name, title, request, connections: CONNECTIONS };
}

function printed(path: string, text: string): Request {
  return {
    path,
    status: 200,
    complaint: ({ body }) =>
      body.toString() === text ? null : `is ${JSON.stringify(body.toString().slice(0, 200))}`,
  };
}
