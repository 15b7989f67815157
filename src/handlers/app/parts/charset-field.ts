// The field `_charset_`, by which a form says what its texts are in (RFC 7578 §4.6). Browsers write
// it where a page asks for it; it counts for what comes behind it.

const NAME = "_charset_";
/** The longest label that any charset has is half of this. */
const LABEL_BYTES_MAX = 64;

export class CharsetField {
  /** As `TextDecoder` takes it; null: none was said, or none that is known. */
  label: string | null = null;
  #value: string | null = null;

  begin(field: string): void {
    this.#value = field === NAME ? "" : null;
  }

  add(bytes: Uint8Array): void {
    if (this.#value === null) return;
    const text = this.#value + Buffer.from(bytes).toString("latin1");
    this.#value = text.length > LABEL_BYTES_MAX ? null : text;
  }

  end(): void {
    if (this.#value !== null) this.label = knownCharset(this.#value);
    this.#value = null;
  }
}

/** `label`, where `TextDecoder` knows it; else null. */
export function knownCharset(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
