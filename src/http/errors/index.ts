export { errorReply } from "./error-reply.ts";
export type { ErrorFacts } from "./error-reply.ts";
