import { oneOf, table, text, type Infer } from "../../config/index.ts";

export const options = table({
  to: text({
    doc:
      "Where to: a path or a URL. After a final `/` comes what the route's `*` matched, then the " +
      "request's query; a target with `?` or `#` is taken as it is.",
    check: targetComplaint,
    example: "/new/",
  }),
  status: oneOf([301, 302, 303, 307, 308], {
    doc:
      "The answer's status: 301 and 308 are for good, 302, 303 and 307 for now; 307 and 308 keep " +
      "the method.",
    fallback: 308,
  }),
});

export type RedirectOptions = Infer<typeof options>;

/** What is wrong with a redirect's `to`, or null. */
export function targetComplaint(to: string): string | null {
  // oxlint-disable-next-line no-control-regex -- a line end here would split the answer's head
  if (/[\u0000-\u0020\u007f\\]/.test(to)) return "a target has no blank, `\\` or control character";
  const host = /^https?:\/\/([^/?#@]+)(?:[/?#]|$)/i.exec(to)?.[1];
  if (host !== undefined) return hostComplaint(host, to);
  // "//name/" names a host (RFC 3986 §4.2), which is easily meant as a path.
  if (/^\/(?!\/)/.test(to)) return null;
  return 'a target is a path that begins with one "/", or an http(s) URL';
}

/** An answer's head is ASCII, and escapes are not for a host. */
function hostComplaint(host: string, to: string): string | null {
  if (!URL.canParse(to)) return `${JSON.stringify(host)} is no host`;
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  if (/^[\u0000-\u007f]*$/.test(host)) return null;
  return `a host's name is ASCII: write ${JSON.stringify(new URL(to).host)}`;
}
