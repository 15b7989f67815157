// Who is compared, in the order of the columns.
import { bun } from "./bun.ts";
import type { Contestant } from "./contestant.ts";
import { lighttpd } from "./lighttpd.ts";
import { nginx, nginxWithoutSendfile } from "./nginx.ts";
import { fastify, hono, nodeHttp } from "./node-programs.ts";
import { portico } from "./portico.ts";

/** All servers, Portico and another checkout of it when `against` names one. */
export function contestantsFor(programs: {
  readonly portico: string;
  readonly against: string | null;
}): Contestant[] {
  const other = programs.against === null ? [] : [portico("portico-other", programs.against)];
  return [
    portico("portico", programs.portico),
    ...other,
    nginx,
    nginxWithoutSendfile,
    lighttpd,
    nodeHttp,
    fastify,
    hono,
    bun,
  ];
}
