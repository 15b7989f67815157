// The ways of this part that lean on what Node does not promise, or on a package that may be
// missing. Each has a plain way beside it, which is taken where the fast one is not there; tests
// close the fast ones to run the same cases by the plain ones.

interface Ways {
  /** Sockets read into a shared buffer: shared-reads.ts. */
  sharedReads: boolean;
  /** Calls into the C library: native.ts. */
  native: boolean;
  /** Says, in the system's stead, which pieces of files are in memory. */
  isInMemory: ((fd: number, offset: number, length: number) => boolean) | null;
}

export const ways: Ways = {
  sharedReads: true,
  native: true,
  isInMemory: null,
};

/** From now on this thread takes the plain ways alone. For tests. */
export function closeFastWays(): void {
  ways.sharedReads = false;
  ways.native = false;
}
