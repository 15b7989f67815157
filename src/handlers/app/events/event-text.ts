// One event as it goes over the wire (HTML, "Server-sent events"):
//
//   id: 7 LF   event: joined LF   data: first line LF   data: second line LF   LF
//
// CR, LF and both together end a line there, so that data of several lines are several fields, and
// a name or an id that held one would begin fields of its own.

/** What a page's EventSource is told. */
export interface ServerSentEvent {
  /** Any text; "" is an event, too. */
  readonly data: string;
  /** What the page listens for; "message" where it is left out. */
  readonly event?: string;
  /** Comes back as Last-Event-ID when the client connects again. */
  readonly id?: string;
}

/** Says nothing, and keeps what lies between from closing. */
export const HEARTBEAT = ":\n\n";

/** Throws a TypeError for what can't be said in one line. */
export function eventText({ data, event, id }: ServerSentEvent): string {
  const lines = id === undefined ? [] : [`id: ${oneLine("id", id)}`];
  if (event !== undefined) lines.push(`event: ${oneLine("event", event)}`);
  if (typeof data !== "string") throw new TypeError("an event's data are a string");
  for (const line of data.split(/\r\n|\r|\n/)) lines.push(`data: ${line}`);
  return `${lines.join("\n")}\n\n`;
}

/** How long a client waits before it comes again, in milliseconds. */
export function retryText(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new TypeError("retry is a count of milliseconds");
  return `retry: ${ms}\n\n`;
}

// Clients ignore an id that holds NUL: they would come again with another.
function oneLine(what: string, text: unknown): string {
  if (typeof text === "string" && !/[\r\n\0]/.test(text)) return text;
  throw new TypeError(`an event's ${what} is a string of one line, without NUL`);
}
