import { flag, list, optional, path, record, table, text, type Infer } from "../../config/index.ts";
import { fieldValueComplaint, mediaTypeComplaint } from "../../http/field-checks.ts";
import { indexComplaint, suffixComplaint } from "../../http/name-checks.ts";
import { candidateComplaint } from "./candidates.ts";

const indexName = text({ doc: "A file's name.", check: indexComplaint, example: "index.html" });
const candidate = text({
  doc: "`{path}` is what was asked for.",
  check: candidateComplaint,
  example: "{path}.html",
});
const mediaType = text({ doc: "A media type.", check: mediaTypeComplaint, example: "text/plain" });

export const options = table({
  root: path({ doc: "The folder to serve.", kind: "folder", exists: true, example: "public" }),
  list: flag({ doc: "Show what is in folders that have no index file.", fallback: false }),
  index: list(indexName, {
    doc: "What a request for a folder is answered with: the first of these files that is there.",
    fallback: ["index.html"],
  }),
  try: list(candidate, {
    doc:
      "What to look for, in order, in place of the path alone. The last is a status (`=404`) or " +
      'a path that the request is sent on to: `["{path}", "/index.html"]` for a single-page app.',
    fallback: [],
    example: ["{path}", "{path}.html", "/index.html"],
  }),
  cacheControl: optional(
    text({
      doc: "The Cache-Control of files.",
      check: fieldValueComplaint,
      example: "max-age=3600",
    }),
  ),
  download: flag({ doc: "Have browsers save files rather than show them.", fallback: false }),
  precompressed: flag({
    doc: "Send `NAME.zst`, `.br` or `.gz` for NAME to who takes it, unless it is older than NAME.",
    fallback: true,
  }),
  followLinks: flag({ doc: "Follow symbolic links that lead out of `root`.", fallback: false }),
  sources: flag({
    doc:
      "Serve files whose suffix another route of the site claims (`*.php`), and those that a " +
      "route runs because of their folder, as they are.",
    fallback: false,
  }),
  mediaTypes: record(mediaType, {
    doc: "Media types by the end of a file's name, before the usual ones.",
    fallback: {},
    example: { ".log": "text/plain; charset=utf-8" },
    key: suffixComplaint,
  }),
});

export type StaticOptions = Infer<typeof options>;
