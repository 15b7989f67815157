export { EventChannel } from "./event-channel.ts";
export type { ChannelOptions, SubscribeOptions } from "./event-channel.ts";
export type { ServerSentEvent } from "./event-text.ts";
