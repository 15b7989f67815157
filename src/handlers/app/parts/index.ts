export { parts, type PartsBounds, type PartsOptions } from "./bounds.ts";
export { Part } from "./part.ts";
export { partsOf } from "./parts.ts";
