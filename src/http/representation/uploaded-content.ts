// How browsers are told to treat what strangers uploaded: shown where it can only be looked at or
// listened to, saved otherwise. Never run, whatever it is: its type is not guessed, and a policy
// gives it no scripts, no forms and an origin of its own.
import type { FieldList } from "../../base/failure.ts";
import { attachment } from "./disposition.ts";

const BITMAPS = new Set([
  ...["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"],
  ...["image/x-icon", "image/heic", "image/tiff", "image/apng"],
]);

const POLICY =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/** On every answer that holds what was uploaded. */
export const UPLOADED_FIELDS: FieldList = [
  ["X-Content-Type-Options", "nosniff"],
  ["Content-Security-Policy", POLICY],
];

/** Whether a media type is a bitmap's. */
export function isBitmap(type: string): boolean {
  return BITMAPS.has(type);
}

/** The Content-Disposition of an uploaded file: saved, if it could hold scripts; else undefined. */
export function uploadedDisposition(name: string, type: string): string | undefined {
  const essence = type.replace(/;.*$/s, "");
  const isInert =
    essence === "text/plain" || isBitmap(essence) || /^(?:audio|video)\//.test(essence);
  return isInert ? undefined : attachment(name.slice(name.lastIndexOf("/") + 1));
}
