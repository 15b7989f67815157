// The requests that the page shows. `fields` are sent, `shown` are the answer's that matter here.
// `prepare` looks something up first, as a browser or a player would have done long ago.

const PICTURE = "/pictures/portico.png";
const TEXT = "/porticoes.txt";

export const EXCHANGES = [
  {
    title: "The first eight bytes",
    why: "A range of a large picture: every PNG begins with the same eight bytes.",
    path: PICTURE,
    fields: { Range: "bytes=0-7" },
    shown: ["Content-Range", "Content-Length", "Content-Type", "Accept-Ranges"],
    content: "hex",
  },
  {
    title: "Nothing new",
    why: "The browser names the version that it holds. It is still the right one, so none is sent.",
    path: PICTURE,
    prepare: async () => ({ "If-None-Match": await validator(PICTURE) }),
    shown: ["ETag", "Cache-Control", "Date"],
  },
  {
    title: "A folder, for a program",
    why: "The address that shows people a page gives JSON to those who ask for it.",
    path: "/files/",
    fields: { Accept: "application/json" },
    shown: ["Content-Type", "Vary"],
    content: "json",
  },
  {
    title: "An error, for a program",
    why: "People get a page (try a wrong address), programs problem details as in RFC 9457.",
    path: "/no/such/thing",
    fields: { Accept: "application/problem+json" },
    shown: ["Content-Type", "Content-Length"],
    content: "json",
  },
  {
    title: "Two pieces of a text",
    why: "Several ranges come as parts of one answer, each with its place in the file.",
    path: TEXT,
    fields: { Range: "bytes=0-27,-40" },
    shown: ["Content-Type", "Content-Length"],
    content: "text",
  },
  {
    title: "Past the end",
    why: "A range that lies behind the end cannot be sent. The answer says how long the file is.",
    path: TEXT,
    fields: { Range: "bytes=900000000-" },
    shown: ["Content-Range", "Content-Type"],
  },
  {
    title: "Packed beforehand",
    why: "Beside the stylesheet lie copies packed as zstd, Brotli and gzip. One that fits is sent.",
    path: "/style.css",
    shown: ["Content-Encoding", "Content-Length", "Vary", "ETag"],
  },
  {
    title: "Only to be read",
    why: "This route takes GET, and HEAD with it. Whoever tries another method is told so.",
    path: "/hello",
    method: "POST",
    fields: { Accept: "application/problem+json" },
    shown: ["Allow", "Content-Type"],
    content: "json",
  },
];

async function validator(path) {
  const answer = await fetch(path, { method: "HEAD", cache: "no-store" });
  return answer.headers.get("etag") ?? '"none"';
}
