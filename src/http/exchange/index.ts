export { Cookies } from "./cookies.ts";
export { Exchange } from "./exchange.ts";
export type {
  Answer,
  Arrival,
  ConnectionFacts,
  Filter,
  Forwarders,
  Handler,
  Params,
  RequestBody,
  RequestHead,
} from "./exchange.ts";
export { ByteStream, FileSlice, Reply, releaseBody, Segments } from "./reply.ts";
export type { ReplyBody } from "./reply.ts";
export type { Json, Session } from "./session.ts";
