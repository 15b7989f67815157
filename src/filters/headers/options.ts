import { record, text, type Complaint, type Infer } from "../../config/index.ts";
import { fieldNameComplaint, fieldValueComplaint } from "../../http/field-checks.ts";

const value = text({ doc: "A field's value.", check: fieldValueComplaint, example: "DENY" });

export const options = record(value, {
  doc: "Fields that every answer of the route has, errors too, in place of those of the same name.",
  example: { "X-Frame-Options": "DENY" },
  key: fieldNameComplaint,
  whole: spellingComplaints,
});

export type HeadersOptions = Infer<typeof options>;

/** Case makes no other field (RFC 9110 §5.1): the later would replace the first. */
function spellingComplaints(headers: Readonly<Record<string, string>>): Complaint[] {
  const spellings = new Map<string, string>();
  const complaints: Complaint[] = [];
  for (const name of Object.keys(headers)) {
    const first = spellings.get(name.toLowerCase());
    spellings.set(name.toLowerCase(), first ?? name);
    if (first === undefined) continue;
    const message = `${name} is ${first} in another spelling: a field is given once`;
    complaints.push({ path: [name], message, onKey: true });
  }
  return complaints;
}
