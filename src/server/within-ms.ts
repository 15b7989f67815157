// Waiting for something that may never come.

/** Resolves when `work` ends, however, but after `ms` at the latest. */
export async function withinMs(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    // What is beyond 24 days would be taken for a millisecond.
    timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
  });
  await Promise.race([late, work.catch(() => undefined)]);
  clearTimeout(timer);
}
