import { record, text, type Infer } from "../../config/index.ts";
import { fieldNameComplaint, fieldValueComplaint } from "../../http/field-checks.ts";

const value = text({ doc: "A field's value.", check: fieldValueComplaint, example: "DENY" });

export const options = record(value, {
  doc: "Fields that every answer of the route has, errors too, in place of those of the same name.",
  example: { "X-Frame-Options": "DENY" },
  key: fieldNameComplaint,
});

export type HeadersOptions = Infer<typeof options>;
