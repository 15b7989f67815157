export { agreedType, matchesAccept } from "./declared-type.ts";
export { mediaTypeOf, SNIFFED_BYTES } from "./media-type-of.ts";
