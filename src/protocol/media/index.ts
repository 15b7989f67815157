export { agreedType, matchesAccept } from "./declared-type.ts";
export { mediaTypeOf, SNIFFED_BYTES } from "./media-type-of.ts";
export { MEDIA_FAILURES, MetadataStripper, stripsMetadata } from "./metadata-stripper.ts";
export type { Stripped } from "./picture-stripper.ts";
