import { CROSS_SITE_FAILURES } from "../../http/cross-site.ts";
import { INCOMING_FAILURES } from "../../http/incoming/index.ts";
import { KNOWN_METHODS } from "../../http/methods.ts";
import { handlerRoom } from "../../http/room.ts";
import { UPLOAD_FAILURES } from "./failures.ts";
import { PICTURE_FAILURES } from "./pictures/index.ts";
import { uploadHandler } from "./handler.ts";
import { prepareFolder } from "./prepare.ts";
import { options, type UploadOptions } from "./options.ts";

/** How much larger than a file a form may be, where the route does not say it. */
const FILES_A_FORM = 10;
/** What is between a form's files and fields: heads and boundaries. */
const BETWEEN_BYTES = 1024 * 1024;

export const upload = handlerRoom({
  name: "upload",
  doc: "Takes uploads into a folder: forms, JSON, whole bodies. All of it is on the disk, or none.",
  options,
  methods: [...KNOWN_METHODS], // what an address takes depends on the options: the handler says
  failures: {
    ...UPLOAD_FAILURES,
    ...INCOMING_FAILURES,
    ...PICTURE_FAILURES,
    ...CROSS_SITE_FAILURES,
  },
  uploadsTo: ({ to }) => to,
  bodyBytesMax,
  prepare: prepareFolder,
  create: uploadHandler,
});

/** A form's bound is looked at once more where forms are taken: a file may be larger. */
function bodyBytesMax({ fileBytes, formBytes, fieldBytes }: UploadOptions): number | null {
  if (formBytes !== undefined) return Math.max(formBytes, fileBytes ?? 0);
  if (fileBytes === undefined) return null;
  return FILES_A_FORM * fileBytes + fieldBytes + BETWEEN_BYTES;
}
