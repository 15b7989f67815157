export { EventDelivery, type DeliveryParts } from "./event-delivery.ts";
export { EventsClient } from "./events-client.ts";
export type { EventNote, Hook, StoredEvent } from "./messages.ts";
export { hookOf, onStored, type OnStored } from "./options.ts";
