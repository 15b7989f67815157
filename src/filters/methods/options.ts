import { list, text, type Infer } from "../../config/index.ts";
import { methodComplaint } from "../../http/field-checks.ts";

const method = text({ doc: "A method's name.", check: methodComplaint, example: "GET" });

const NONE = {
  path: [],
  message: "a list without methods takes no request; leave `methods` out to take the handler's",
};

export const options = list(method, {
  doc:
    "The methods that the route takes; others get 405. HEAD comes with GET, and OPTIONS is " +
    "always answered.",
  example: ["GET", "POST"],
  whole: (methods) => (methods.length === 0 ? [NONE] : []),
});

export type MethodsOptions = Infer<typeof options>;
