export { Exchange } from "./exchange.ts";
export type {
  Answer,
  Arrival,
  ConnectionFacts,
  Filter,
  Handler,
  RequestBody,
  RequestHead,
} from "./exchange.ts";
export { ByteStream, FileSlice, Reply, releaseBody, Segments } from "./reply.ts";
export type { ReplyBody } from "./reply.ts";
