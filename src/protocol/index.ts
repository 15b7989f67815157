export { readAsked } from "./asked.ts";
export type { Asked, AskedFailure } from "./asked.ts";
export { parseAuthority } from "./authority.ts";
export type { Authority } from "./authority.ts";
export type { Fields } from "./fields.ts";
export * from "./http1/index.ts";
export * from "./multipart/index.ts";
export { decodePath, parseTarget, TARGET_FAILURES } from "./target.ts";
export type { Target, TargetForm } from "./target.ts";
