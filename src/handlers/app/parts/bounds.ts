// What a form may have that an app reads part by part. The route says it; the app may say another.
import { integer, optional, size, table, type Infer } from "../../../config/index.ts";

/** For the options of a route. */
export const parts = table(
  {
    max: integer({
      doc: "Parts that a form may have; beyond it 413.",
      min: 1,
      max: 100_000,
      fallback: 1000,
    }),
    headerBytes: size({
      doc: "What the header fields of one part may have; beyond it 431.",
      min: 64,
      max: "1 MiB",
      fallback: "16 KiB",
    }),
    fieldBytes: size({
      doc:
        "What the fields of a form that are no files may have, all together, and what of any " +
        "part is taken into memory at once; beyond it 413.",
      min: 1,
      max: "64 MiB",
      fallback: "1 MiB",
    }),
    fileBytes: optional(
      size({ doc: "What a file of a form may have; beyond it 413.", min: 1, example: "100 MiB" }),
    ),
  },
  { doc: "Bounds of forms that are read part by part. The form's own is `bodyBytes`." },
);

export type PartsOptions = Infer<typeof parts>;

/** Of a route that says nothing of parts. */
export const PARTS: PartsOptions = {
  max: 1000,
  headerBytes: 16 * 1024,
  fieldBytes: 1024 * 1024,
  fileBytes: undefined,
};

/** What an app says itself, in bytes, in place of what its route says. */
export interface PartsBounds {
  /** Parts. */
  readonly max?: number;
  /** Of the header fields of one part. */
  readonly headerBytes?: number;
  /** Of all fields that are no files, and of what `text`, `bytes` and `json` take. */
  readonly fieldBytes?: number;
  /** Of one file. */
  readonly fileBytes?: number;
}

/** The bounds that hold: the app's, else the route's. */
export interface BoundsInForce {
  readonly max: number;
  readonly headerBytes: number;
  readonly fieldBytes: number;
  readonly fileBytes: number;
}

export function boundsInForce(options: PartsOptions, bounds: PartsBounds): BoundsInForce {
  const { fileBytes = Infinity, ...rest } = options;
  const all = { fileBytes, ...rest, ...bounds };
  for (const [name, bound] of Object.entries(all)) {
    // A bound that is no number would be none: nothing is larger than NaN.
    if (!(bound >= 0)) throw new TypeError(`${name}: ${bound} is no bound`);
  }
  return all;
}
