// The door of the library: servers in a program, answers, and rooms for the config of any server.
export { Failure } from "./base/failure.ts";
export type { FailureTable, FieldList } from "./base/failure.ts";
export type { Log } from "./base/log.ts";
export { schema } from "./config/index.ts";
export type { Infer, Input, Schema } from "./config/index.ts";
export {
  ByteStream,
  Cookies,
  empty,
  Exchange,
  FileSlice,
  html,
  json,
  PushPiece,
  PushStream,
  redirect,
  Reply,
  Segments,
  text,
} from "./http/exchange/index.ts";
export type {
  Answer,
  ConnectionFacts,
  Filter,
  Handler,
  Json,
  Params,
  ParamsOf,
  PushSource,
  PushTarget,
  RedirectStatus,
  ReplyBody,
  ReplyInit,
  RequestBody,
  Session,
} from "./http/exchange/index.ts";
export { filterRoom, handlerRoom } from "./http/room.ts";
export type { FilterContext, FilterRoom, HandlerRoom, RoomContext } from "./http/room.ts";
export type { Fields } from "./protocol/index.ts";
export type { ServerStatus } from "./runtime/index.ts";
export { Refused } from "./http/refused.ts";
export {
  ConfigError,
  createServer,
  EventChannel,
  PorticoServer,
  route,
  ServerWebSocket,
  StartError,
  UpgradeRefused,
  version,
} from "./server/index.ts";
export type {
  App,
  AppContext,
  ChannelOptions,
  ConfigInput,
  ConfigProblem,
  FinishedRequest,
  FoundFile,
  ListedFile,
  Message,
  Part,
  PartsBounds,
  PutOptions,
  Reloaded,
  RouteAt,
  RouteHandler,
  RouteInput,
  ServerConfig,
  ServerEvents,
  ServerFault,
  ServerSentEvent,
  SiteInput,
  SocketEvents,
  Source,
  Storage,
  StoredFile,
  SubscribeOptions,
  UpgradeOptions,
} from "./server/index.ts";
