import { list, text, type Infer } from "../../config/index.ts";
import { methodComplaint } from "../../http/field-checks.ts";

const method = text({ doc: "A method's name.", check: methodComplaint, example: "GET" });

export const options = list(method, {
  doc:
    "The methods that the route takes; others get 405. HEAD comes with GET, and OPTIONS is " +
    "always answered.",
  example: ["GET", "POST"],
});

export type MethodsOptions = Infer<typeof options>;
