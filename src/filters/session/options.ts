import { either, flag, list, table, text, type Infer } from "../../config/index.ts";
import { originComplaint } from "../../http/cross-site.ts";

const origin = text({
  doc: "An origin.",
  check: originComplaint,
  example: "https://app.example.org",
});

export const options = either(
  [
    flag({ doc: "" }),
    table({
      origins: list(origin, {
        doc: "Other sites whose pages may send what changes something.",
      }),
    }),
  ],
  {
    doc:
      "`true`: a visitor has a session, kept as `[session]` says. What pages of other sites send " +
      "is 403 where it may change something, unless `{ origins = […] }` names them.",
    example: true,
  },
);

export type SessionOptions = Infer<typeof options>;
