/** What the servlet says of a picture that it has stored. Both ends import it. */
export interface Stored {
  /** The name that it got. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The media type that its bytes show. */
  readonly type: string;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Where it is from now on. */
  readonly url: string;
}
