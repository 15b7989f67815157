// The status and the reason of a response, checked as the Fetch standard has it.

/** RFC 9110 §6.4.1, and 101, behind which comes another protocol. */
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([101, 204, 205, 304]);
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Throws a RangeError where `given`, as 16 bits, is no status that an app may answer. */
export function checkedStatus(given: unknown): number {
  const status = Math.trunc(Number(given)) & 0xffff;
  if (status >= 200 && status <= 599) return status;
  throw new RangeError(`a response's status is 200 to 599, not ${String(given)}`);
}

/** Throws a TypeError where `given` is no reason phrase (RFC 9112 §4). */
export function checkedReason(given: unknown): string {
  const text = String(given);
  if (REASON.test(text)) return text;
  throw new TypeError(`${JSON.stringify(text)} is no reason phrase`);
}

export function hasNoContent(status: number): boolean {
  return WITHOUT_CONTENT.has(status);
}

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}
