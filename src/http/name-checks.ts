// What is wrong with names of files in a route's options, in words, or null.

/** Of a file that stands for its folder. */
export function indexComplaint(name: string): string | null {
  if (/^[^./][^/\0]*$/.test(name)) return null;
  return "an index is the name of a file, without folders, that begins with no dot";
}

/** Of how names end. */
export function suffixComplaint(suffix: string): string | null {
  return /^\.[^/]+$/.test(suffix) ? null : 'the end of a name begins with a dot, such as ".php"';
}
