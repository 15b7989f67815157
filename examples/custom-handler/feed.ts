// A handler: what lies in a folder as an Atom feed (RFC 4287), newest first. Its options join the
// config's schema, so that a folder that is missing is told with its line.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { handlerRoom, schema, text, type Exchange } from "portico";

const options = schema.table({
  of: schema.path({ doc: "The folder whose files are the entries.", kind: "folder", exists: true }),
  below: schema.text({ doc: "Where the folder's files are served.", example: "/notes/" }),
  title: schema.text({ doc: "The feed's title." }),
  entries: schema.integer({ doc: "How many are told.", fallback: 20, min: 1, max: 1000 }),
});

interface File {
  readonly name: string;
  readonly changed: Date;
}

export default handlerRoom({
  name: "feed",
  doc: "Tells what is new in a folder, as an Atom feed.",
  options,
  create({ of, below, title, entries }) {
    return async (exchange) => {
      const files = await newest(of, entries);
      const feed = feedOf(files, { title, site: siteOf(exchange), below });
      return text(feed, { headers: { "Content-Type": "application/atom+xml; charset=utf-8" } });
    };
  },
});

async function newest(folder: string, count: number): Promise<File[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name));
      return found.isFile() ? [{ name, changed: found.mtime }] : [];
    }),
  );
  const byTime = files.flat().toSorted((one, other) => +other.changed - +one.changed);
  return byTime.slice(0, count);
}

function siteOf({ secure, authority }: Exchange): string {
  return `${secure ? "https" : "http"}://${authority}`;
}

function feedOf(
  files: readonly File[],
  { title, site, below }: { title: string; site: string; below: string },
): string {
  const updated = (files[0]?.changed ?? new Date(0)).toISOString();
  const entries = files.map(({ name, changed }) => {
    const url = escaped(`${site}${below}${encodeURIComponent(name)}`);
    return `  <entry>
    <id>${url}</id><link href="${url}"/>
    <title>${escaped(name)}</title><updated>${changed.toISOString()}</updated>
  </entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${escaped(site + below)}</id>
  <title>${escaped(title)}</title>
  <updated>${updated}</updated>
  <author><name>${escaped(title)}</name></author>
${entries.join("\n")}
</feed>
`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
