// An event for another server. Redirects are not followed: the config says where events go.
import { DONE, type Outcome, type Try } from "./outcome.ts";

const RETRIED = new Set([408, 429]);

/** POSTs the event to `address`. Never rejects. */
export async function postEvent(
  address: string,
  { event, timeoutMs, signal }: Try,
): Promise<Outcome> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "User-Agent": "portico" },
      body: event,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    // Nobody reads it, and until it is given back it holds a connection.
    await response.body?.cancel();
    return outcomeOf(response.status);
  } catch (error) {
    return { kind: "again", why: inWords(error as Error) };
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return DONE;
  const why = `it answered ${status}`;
  const isFinal = status >= 400 && status < 500 && !RETRIED.has(status);
  return { kind: isFinal ? "never" : "again", why };
}

/** "fetch failed" says nothing; its cause does. */
function inWords({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  return cause.message === "" ? ((cause as NodeJS.ErrnoException).code ?? message) : cause.message;
}
