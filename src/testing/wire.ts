// Requests as they go over the wire, and what came back.

/** A GET of `path` with more field lines. */
export function get(path: string, ...lines: string[]): string {
  return [`GET ${path} HTTP/1.1`, "Host: localhost", ...lines, "", ""].join("\r\n");
}

/** The head of a POST to "/"; its body is for the test to add. */
export function post(...lines: string[]): string {
  return ["POST / HTTP/1.1", "Host: localhost", ...lines, "", ""].join("\r\n");
}

/** The statuses of the answers in `received`, in order. */
export function statuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d+) /g)].map((match) => Number(match[1]));
}
