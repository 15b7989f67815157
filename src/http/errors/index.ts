export { errorReply } from "./error-reply.ts";
export { formOf, type ErrorForm } from "./form.ts";
export type { ErrorFacts } from "./error-reply.ts";
