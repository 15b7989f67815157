export { EventsClient } from "./events-client.ts";
export type { EventNote, Hook, StoredEvent } from "./messages.ts";
