export { PICTURE_FAILURES } from "./failures.ts";
export { images, type ImageOptions } from "./options.ts";
export { Pictures, type PicturesParts } from "./pictures.ts";
export type { Size } from "./messages.ts";
export { sharpComplaint } from "./sharp-complaint.ts";
