// Takes out of pictures what says where they were taken, or all that says anything but how they
// look, as they stream through: nothing is decoded, so nothing is compressed again. How a picture
// is turned and its colours stay in either case.
import { Failure, type FailureTable } from "../../base/failure.ts";
import { GifStripper } from "./gif-stripper.ts";
import { JpegStripper } from "./jpeg-stripper.ts";
import type { Give, PictureStripper, Stripped } from "./picture-stripper.ts";
import { PngStripper } from "./png-stripper.ts";
import { WebpStripper } from "./webp-stripper.ts";

export const MEDIA_FAILURES = {
  pictureMalformed: { status: 415, message: "The picture is malformed." },
} as const satisfies FailureTable;

type MalformedPicture = Failure<"pictureMalformed">;

const FORMATS: Readonly<Record<string, new (stripped: Stripped, give: Give) => PictureStripper>> = {
  "image/gif": GifStripper,
  "image/jpeg": JpegStripper,
  "image/png": PngStripper,
  "image/webp": WebpStripper,
};

/** Whether there is a MetadataStripper for `type`, as mediaTypeOf says it. */
export function stripsMetadata(type: string): boolean {
  return Object.hasOwn(FORMATS, type);
}

/**
 * One picture. A malformed one is refused rather than passed on as it is: what we can't follow may
 * hold a place, and others may find it. So of what was given nothing is to be kept after a failure.
 */
export class MetadataStripper {
  readonly #format: PictureStripper;
  readonly #type: string;
  #failure: MalformedPicture | null = null;

  /** `give` gets bytes of the picture in order: lent, so copy what is kept. */
  constructor(type: string, stripped: Stripped, give: Give) {
    if (!stripsMetadata(type)) throw new TypeError(`no metadata is known in ${type}`);
    this.#format = new FORMATS[type]!(stripped, give);
    this.#type = type;
  }

  feed(bytes: Uint8Array): MalformedPicture | null {
    if (this.#failure === null && !this.#format.feed(bytes)) this.#fail("out of order");
    return this.#failure;
  }

  /** To be called where the picture ends. */
  end(): MalformedPicture | null {
    if (this.#failure === null && !this.#format.done) this.#fail("cut");
    return this.#failure;
  }

  #fail(why: string): void {
    this.#failure = new Failure("pictureMalformed", `${this.#type}, ${why}`);
  }
}
