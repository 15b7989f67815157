import { CROSS_SITE_FAILURES } from "../../http/cross-site.ts";
import { KNOWN_METHODS } from "../../http/methods.ts";
import { handlerRoom } from "../../http/room.ts";
import { UPLOAD_FAILURES } from "./failures.ts";
import { PICTURE_FAILURES } from "./pictures/index.ts";
import { uploadHandler } from "./handler.ts";
import { prepareFolder } from "./prepare.ts";
import { options } from "./options.ts";

/** How much larger than a file a form may be, where the route does not say it. */
const FILES_A_FORM = 10;

export const upload = handlerRoom({
  name: "upload",
  doc: "Takes uploads into a folder: forms, JSON, whole bodies. All of it is on the disk, or none.",
  options,
  methods: [...KNOWN_METHODS], // what an address takes depends on the options: the handler says
  failures: { ...UPLOAD_FAILURES, ...PICTURE_FAILURES, ...CROSS_SITE_FAILURES },
  bodyBytesMax: ({ fileBytes, formBytes }) =>
    formBytes ?? (fileBytes === undefined ? null : FILES_A_FORM * fileBytes),
  prepare: prepareFolder,
  create: uploadHandler,
});
