// Files that a program route of the same site claims (`*.php`) are sources: they are run, never
// sent, whoever names them: a static route that has the longer prefix, its `try` and `index`, a
// program by X-Sendfile.

/** Compressed, a source is as readable. */
const CODED = /\.(?:zst|br|gz)$/;

/**
 * Whether a segment of `path` ends in one of `suffixes` (a suffix may stand before a "/"), in
 * whatever case: on some file systems `x.PHP` is `x.php`.
 */
export function isClaimed(path: string, suffixes: readonly string[]): boolean {
  if (suffixes.length === 0) return false;
  const segments = path.toLowerCase().split("/");
  return segments.some((segment) => {
    const plain = segment.replace(CODED, "");
    return suffixes.some((suffix) => {
      const end = suffix.toLowerCase();
      return plain.endsWith(end) || segment.endsWith(end);
    });
  });
}
