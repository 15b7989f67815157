// What passes between a worker and a decoder's process. A question is a line of JSON; an answer is
// one, too, with as many bytes behind it as it says. One question at a time.

export type Question =
  | { readonly what: "look"; readonly path: string; readonly maxPixels: number }
  | {
      readonly what: "thumbnail";
      readonly path: string;
      readonly maxPixels: number;
      readonly width: number;
    };

export interface Size {
  /** In pixels, as shown: with the orientation that the picture says it has. */
  readonly width: number;
  readonly height: number;
  /** The media type that its bytes have. */
  readonly type: string;
}

export type AnswerLine =
  /** The first line: it can decode. */
  | { readonly kind: "ready" }
  | ({ readonly kind: "size" } & Size)
  | { readonly kind: "bytes"; readonly length: number }
  | {
      readonly kind: "refused";
      readonly code: "pictureTooLarge" | "pictureUnreadable";
      readonly detail: string;
    };

export const LINE_BYTES_MAX = 4096;
/** A thumbnail is never larger. */
export const THUMBNAIL_BYTES_MAX = 32 * 1024 * 1024;
