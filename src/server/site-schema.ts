// A site and its routes, as a config has them.
import { list, optional, path, record, table, text, type Schema } from "../config/index.ts";
import type { Room } from "../http/room.ts";

/** The schema of a site whose routes may name `rooms`. */
export function siteSchema(rooms: readonly Room[]) {
  return table(
    {
      hosts: optional(
        list(text({ doc: "A host's name, or `*.` and a name for all below it." }), {
          doc: "The hosts that this site answers to. Left out: any that no other site names.",
        }),
      ),
      root: optional(
        path({
          doc: 'A folder to serve: short for a last static route at "/*".',
          kind: "folder",
          exists: true,
        }),
      ),
      errorPages: record(path({ doc: "An HTML file.", kind: "file", exists: true }), {
        doc: 'The site\'s own pages by status (`"404"`) or class (`"4xx"`), for browsers.',
        fallback: {},
        key: statusComplaint,
      }),
      route: list(routeSchema(rooms), { doc: "The site's routes, in any order.", fallback: [] }),
    },
    { doc: "A site: hosts, and what answers their paths." },
  );
}

function routeSchema(rooms: readonly Room[]) {
  return table(
    {
      path: text({
        doc:
          "`/exact`, `/prefix/*`, `/prefix/*.suffix` or `*.suffix`. A segment `:name` of an " +
          "exact path or a prefix stands for any one.",
        example: "/pics/*",
      }),
      ...roomOptions(rooms),
    },
    { doc: "What answers a path: exactly one handler, and any filters." },
  );
}

function roomOptions(rooms: readonly Room[]): { [name: string]: Schema<unknown> } {
  // What a room's own options say of themselves says more than what the room is for.
  return Object.fromEntries(
    rooms.map(({ name, doc, options }) => {
      return [name, optional({ ...options, doc: options.doc === "" ? doc : options.doc })];
    }),
  );
}

function statusComplaint(status: string): string | null {
  if (/^[45](\d\d|xx)$/.test(status)) return null;
  return `"${status}" is no error status, such as "404", nor a class of them: "4xx", "5xx"`;
}
