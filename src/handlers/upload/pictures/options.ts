// `images` as a config says it.
import {
  integer,
  list,
  oneOf,
  optional,
  table,
  type Complaint,
  type Infer,
} from "../../../config/index.ts";

const given = table(
  {
    maxPixels: integer({
      doc: "Width times height. Larger pictures are refused: 413.",
      fallback: 50_000_000,
      min: 1,
      max: 1_000_000_000,
    }),
    thumbnails: list(integer({ doc: "A width in pixels.", min: 16, max: 4096 }), {
      doc: "Widths of the smaller pictures (WebP) to make of each. Needs the package `sharp`.",
      fallback: [],
      example: [320, 1280],
      whole: twice,
    }),
    strip: optional(
      oneOf(["location", "all"], {
        doc:
          "Take out where a picture was taken, or all that says anything but how it looks. " +
          "Nothing is compressed again.",
      }),
    ),
  },
  { doc: "What is looked at in pictures, and made of them. JPEG, PNG, WebP, GIF and AVIF." },
);

/** For the options of the room. */
export const images = optional(given);

export type ImageOptions = Infer<typeof given>;

function twice(widths: readonly number[]): Complaint[] {
  return widths.flatMap((width, index) => {
    if (widths.indexOf(width) === index) return [];
    return [{ path: [index], message: `${width} is there already` }];
  });
}
