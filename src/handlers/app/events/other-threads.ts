// What is said in a channel with a name is heard in all threads of the process: each worker has the
// app's module, and a channel, of its own. One BroadcastChannel a thread carries all of them, and
// holds up neither the thread's end nor the memory of a module that a reload replaced.
import { BroadcastChannel } from "node:worker_threads";

/** Hears what is said elsewhere. */
interface Hearer {
  hear(bytes: Uint8Array, id: string | null): void;
}

interface Said {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly id: string | null;
}

const byName = new Map<string, Set<WeakRef<Hearer>>>();
let line: BroadcastChannel | null = null;

/** From now on `hearer` is told what others of that name say, in whatever thread. */
export function join(name: string, hearer: Hearer): void {
  line ??= openLine();
  const hearers = byName.get(name) ?? new Set();
  byName.set(name, hearers.add(new WeakRef(hearer)));
}

/** Tells all others of that name. */
export function tell(name: string, speaker: Hearer, bytes: Uint8Array, id: string | null): void {
  hearIt({ name, bytes, id }, speaker);
  line?.postMessage({ name, bytes, id } satisfies Said);
}

function openLine(): BroadcastChannel {
  const opened = new BroadcastChannel("portico events");
  opened.addEventListener("message", (message) =>
    hearIt((message as MessageEvent).data as Said, null),
  );
  opened.unref();
  return opened;
}

function hearIt({ name, bytes, id }: Said, speaker: Hearer | null): void {
  const hearers = byName.get(name);
  if (hearers === undefined) return;
  for (const reference of hearers) {
    const hearer = reference.deref();
    if (hearer === undefined) hearers.delete(reference);
    else if (hearer !== speaker) hearer.hear(bytes, id);
  }
  if (hearers.size === 0) byName.delete(name);
}
