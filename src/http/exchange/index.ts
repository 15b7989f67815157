export { Exchange } from "./exchange.ts";
export type {
  Answer,
  Arrival,
  ConnectionFacts,
  Filter,
  Handler,
  Params,
  RequestBody,
  RequestHead,
} from "./exchange.ts";
export { ByteStream, FileSlice, Reply, releaseBody, Segments } from "./reply.ts";
export type { ReplyBody } from "./reply.ts";
export { PushPiece, PushStream, type PushSource, type PushTarget } from "./push-stream.ts";
export type { Json, Session } from "./session.ts";
export { Takeover, type Tunnel, type TunnelSink } from "./takeover.ts";
