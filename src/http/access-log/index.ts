export { ACCESS_FORMATS, formatAccess } from "./access-log.ts";
export type { AccessFacts, AccessFormat } from "./access-log.ts";
