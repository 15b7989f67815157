import { integer, table, text, type Infer } from "../../config/index.ts";
import { mediaTypeComplaint } from "../../http/field-checks.ts";

export const options = table({
  status: integer({ doc: "The answer's status.", fallback: 200, min: 200, max: 599 }),
  body: text({
    doc: "The answer's content. Statuses 204, 205 and 304 have none.",
    fallback: "",
    example: "Gone.",
  }),
  type: text({
    doc: "The content's media type; text without a charset is sent as UTF-8 and says so.",
    fallback: "text/plain",
    check: mediaTypeComplaint,
  }),
});

export type RespondOptions = Infer<typeof options>;
