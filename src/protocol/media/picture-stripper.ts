/** What goes: places alone, or all that is not needed to show the picture as it was. */
export type Stripped = "location" | "all";

export type Give = (bytes: Uint8Array) => void;

/** A format's way through. What it gives are views of what it was fed, and bytes of its own. */
export interface PictureStripper {
  /** False where the picture is malformed: then it is over. */
  feed(bytes: Uint8Array): boolean;
  /** Whether the picture is whole. */
  readonly done: boolean;
}
