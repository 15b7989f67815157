// The real program with upload routes, and what a test says to it and sees of it.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { answerIn, answerOn, Site, withSite, type Answered } from "../../src/testing/index.ts";

export { answerIn, answerOn, type Answered };

export interface SiteRules {
  /** Routes by their first segment, with what is in their `upload` table besides `to`. */
  readonly routes: Readonly<Record<string, string>>;
  /** What stands before the site, in TOML. */
  readonly head?: string;
  readonly workers?: number;
}

export class UploadSite extends Site {
  put(
    path: string,
    body: RequestInit["body"] & {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.fetch(path, { method: "PUT", body, headers });
  }

  post(
    path: string,
    body: RequestInit["body"] & {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.fetch(path, { method: "POST", body, headers });
  }

  /** All that is in a route's folder, in order, dot names too, except what is the server's own. */
  async names(route: string): Promise<string[]> {
    const all = await readdir(join(this.folder, route), { recursive: true });
    return all.filter((name) => !isOwn(name)).toSorted();
  }
}

/** What the server keeps for itself in a folder when nothing is under way: no draft. */
function isOwn(name: string): boolean {
  return /^\.portico-thumbnails(?:\/|$)/.test(name);
}

/** Runs `use` with the program; it has to stop cleanly, and to have complained of nothing. */
export async function withUploads(
  { routes, head = "", workers = 2 }: SiteRules,
  use: (site: UploadSite) => Promise<void>,
  complaints: RegExp | null = null,
): Promise<void> {
  await withSite({ config: configOf(routes, head), workers, complaints }, ({ folder, program }) =>
    use(new UploadSite(folder, program)),
  );
}

export function configOf(routes: SiteRules["routes"], head = ""): string {
  const tables = Object.entries(routes).map(([name, rules]) => {
    const more = rules === "" ? "" : `, ${rules}`;
    // A name with a capital is an exact route: there is nothing below it.
    const path = /^[A-Z]/.test(name) ? name : `${name}/*`;
    return `[[site.route]]\npath = "/${path}"\nupload = { to = "${name}"${more} }\n`;
  });
  return `${head}\n[[site]]\n${tables.join("\n")}`;
}

/** A part of a form as it goes over the wire. */
export interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly type?: string;
  readonly content: string | Buffer;
}

export const BOUNDARY = "----portico7MA4YWxkTrZu0gW";
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form's bytes; `end` takes the place of its last boundary. */
export function formOf(parts: readonly Part[], end = `--${BOUNDARY}--\r\n`): Buffer {
  const pieces = parts.flatMap(({ name, filename, type, content }) => {
    const file = filename === undefined ? "" : `; filename="${filename}"`;
    const kind = type === undefined ? "" : `Content-Type: ${type}\r\n`;
    const disposition = `Content-Disposition: form-data; name="${name}"${file}`;
    const head = `--${BOUNDARY}\r\n${disposition}\r\n${kind}\r\n`;
    return [Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")];
  });
  return Buffer.concat([...pieces, Buffer.from(end)]);
}

export function postForm(
  site: UploadSite,
  path: string,
  parts: readonly Part[],
  headers: Record<string, string> = {},
): Promise<Response> {
  return site.post(path, new Uint8Array(formOf(parts)), { "Content-Type": FORM_TYPE, ...headers });
}
