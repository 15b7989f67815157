// The fields of a message (RFC 9110 §5), as every version of HTTP hands them on.

/**
 * Received fields. Names are looked up in lower case; values are latin1 text without outer blanks.
 */
export interface Fields {
  /** All values of `name` joined by ", " in order (RFC 9110 §5.3), or null when there is none. */
  get(name: string): string | null;
  has(name: string): boolean;
  /** Each field line's value of `name`, in order. */
  all(name: string): string[];
  /** Every field line as it came: the name in the client's spelling. */
  entries(): IterableIterator<[name: string, value: string]>;
}
