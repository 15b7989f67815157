import type { FailureTable } from "../../../base/failure.ts";

export const PICTURE_FAILURES = {
  pictureTooLarge: { status: 413, message: "The picture has more pixels than this server takes." },
  pictureUnreadable: { status: 415, message: "This is no picture that can be read here." },
  picturesBusy: { status: 503, message: "Too many pictures are being looked at." },
} as const satisfies FailureTable;
