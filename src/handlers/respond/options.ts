import { integer, table, text, type Complaint, type Infer } from "../../config/index.ts";
import { mediaTypeComplaint } from "../../http/field-checks.ts";

const keys = {
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
};

export const options = table(keys, {
  whole: ({ status, body }) => contentComplaints(status, body),
});

export type RespondOptions = Infer<typeof options>;

// RFC 9110 §15.3.5, §15.3.6, §15.4.5.
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304]);

function contentComplaints(status: number, body: string): Complaint[] {
  if (body === "" || !WITHOUT_CONTENT.has(status)) return [];
  const message = `an answer of status ${status} has no content: leave \`body\` out`;
  return [{ path: ["body"], message }];
}
