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
export { empty, html, json, redirect, text } from "./replies.ts";
export type { RedirectStatus, ReplyInit } from "./replies.ts";
export type { ReplyBody } from "./reply.ts";
export type { ParamsOf } from "./path-params.ts";
export type { Json, Session } from "./session.ts";
