// DokuWiki as Debian has it, installed in a folder of a test's with a user and pages of its own.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PhpWay } from "./php-ways.ts";

const PROGRAM = "/usr/share/dokuwiki";
const SETTINGS = "/etc/dokuwiki";

export const noWiki = !existsSync(join(PROGRAM, "doku.php")) && "no DokuWiki here";

export const USER = { u: "ann", p: "only for tests" } as const;

const DATA = "attic cache index locks log media media_attic media_meta meta pages tmp".split(" ");

/** Files over the net are `public`; what the wiki keeps lies in `public/data`, as it comes. */
export async function installWiki(folder: string): Promise<void> {
  const root = join(folder, "public");
  // Of languages English alone: the others are half of all files.
  const filter = (from: string): boolean => !/\/lang\/(?!en(?:\/|$))/.test(from);
  await cp(PROGRAM, root, { recursive: true, dereference: true, filter });
  await cp(SETTINGS, join(root, "conf"), {
    recursive: true,
    filter: (from) => !from.endsWith(".auth.php"),
  });
  // Debian's leads to /etc and /var/lib; without it everything lies below the root.
  await rm(join(root, "inc/preload.php"));
  for (const name of DATA) await mkdir(join(root, "data", name), { recursive: true });
  await writeFile(join(root, "conf/local.php"), settings);
  await writeFile(
    join(root, "conf/users.auth.php"),
    `${USER.u}:${hash(USER.p)}:Ann:ann@x.org:user\n`,
  );
  await writeFile(join(root, "conf/acl.auth.php"), "*  @ALL  1\n*  @user  8\n");
  await writeFile(join(root, "data/pages/start.txt"), "====== The first page ======\n");
  await mkdir(join(folder, "sessions"));
  await writeFile(join(root, ".user.ini"), `session.save_path = "${folder}/sessions"\n`);
}

// DokuWiki knows a hash by its looks; a bare MD5 is one that needs no program to make.
const hash = (password: string): string => createHash("md5").update(password).digest("hex");

const settings = `<?php
$conf['title'] = 'A wiki of the tests';
$conf['savedir'] = './data';
$conf['useacl'] = 1;
$conf['superuser'] = '@admin';
$conf['updatecheck'] = 0;
$conf['xsendfile'] = 2; // the server sends media
`;

/** What is not for the net, by DokuWiki's own page on security: its parts and its data. */
const CLOSED = ["bin", "conf", "data", "inc", "vendor"];

export function wikiConfig(way: PhpWay): string {
  const closed = CLOSED.map(
    (name) => `
  [[site.route]]
  path = "/${name}/*"
  respond = { status = 403, body = "Not for the net." }`,
  );
  return `[[site]]
  [[site.route]]
  path = "/*"
  static = { root = "public", index = ["doku.php"] }
  [[site.route]]
  path = "*.php"
  ${way.route(', sendFiles = ["public/data/media"]')}
${closed.join("\n")}
`;
}

/** Somebody with a browser: cookies, and the forms of the page they saw last. */
export class Visitor {
  readonly #site: () => string;
  readonly #cookies = new Map<string, string>();

  /** `site` gives the address, which another start of the server may change. */
  constructor(site: () => string) {
    this.#site = site;
  }

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const url = `${this.#site()}/${path}`;
    const answer = await fetch(url, { redirect: "manual", ...init, headers });
    for (const one of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      if (value === "deleted") this.#cookies.delete(name!);
      else this.#cookies.set(name!, value!);
    }
    return answer;
  }

  /** Sends `fields`; a redirect behind it is followed. */
  async send(path: string, fields: Readonly<Record<string, string>> | FormData): Promise<Response> {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
    const answer = await this.ask(path, { method: "POST", body });
    const to = answer.headers.get("location");
    if (to === null) return answer;
    await answer.arrayBuffer();
    return this.ask(new URL(to, `${this.#site()}/${path}`).href.slice(this.#site().length + 1));
  }
}

/** The hidden fields of a page, by which DokuWiki knows its own forms. */
export function hiddenFields(page: string): Record<string, string> {
  const inputs = page.match(/<input[^>]*type="hidden"[^>]*>/g) ?? [];
  const attribute = (input: string, name: string): string =>
    new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1] ?? "";
  return Object.fromEntries(
    inputs.map((input) => [attribute(input, "name"), attribute(input, "value")]),
  );
}
