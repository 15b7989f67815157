import type { FailureTable } from "../../base/failure.ts";

/** What is wrong with what was sent to be kept, or to be read part by part. */
export const INCOMING_FAILURES = {
  jsonMalformed: { status: 400, message: "The content is no JSON text." },
  fileTooLarge: { status: 413, message: "A file is larger than is taken here." },
  fieldsTooLarge: { status: 413, message: "The form's fields are larger than is taken here." },
  typeNotAccepted: { status: 415, message: "Files like this are not taken here." },
  pictureNotStripped: {
    status: 415,
    message: "What a picture of this kind tells can't be taken out: send JPEG, PNG, WebP or GIF.",
  },
  codingNotAccepted: { status: 415, message: "Content that is coded is not taken here." },
  notMultipart: { status: 415, message: "A form of parts (multipart/form-data) is taken here." },
} as const satisfies FailureTable;
