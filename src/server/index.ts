// The door to the server: a config checked, assembled and run.
export { accessLogComplaint } from "./access-log-place.ts";
export { loadServerConfig, readServerConfig } from "./check.ts";
export { ConfigError, type ConfigProblem } from "./config-error.ts";
export { configFromValue, readConfigValue } from "./config-value.ts";
export type { ConfigInput, RoomInput, RouteInput, SiteInput } from "./config-value.ts";
export { schemaFor, WORKERS_MAX } from "./config.ts";
export type { Config } from "./config.ts";
export { dataKeyOf, type DataKey } from "./data-key.ts";
export { dataPlace, type DataPlace } from "./data-place.ts";
export { explainRequest, parseExplainTarget, renderExplanation } from "./explain.ts";
export type { Explanation, ExplainTarget } from "./explain.ts";
export { configForFolder } from "./folder-config.ts";
export type { LoadedConfig } from "./loaded-config.ts";
export { importModule } from "./module-place.ts";
export { registryOf, type LoadModule } from "./use.ts";
export { BUILT_IN, Registry, RoomRefused } from "./registry.ts";
export type { Order, ServingInit } from "./orders.ts";
export { ServingLoop } from "./serving-loop.ts";
export { StartError, startServer } from "./start.ts";
export type { RunningServer, StartOptions } from "./start.ts";
export type { ConfigSource, Overrides } from "./served-config.ts";
export { version } from "./version.ts";
export {
  createServer,
  PorticoServer,
  respond,
  route,
  startTestServer,
  TestServer,
} from "./library/index.ts";
export type {
  FinishedRequest,
  Reloaded,
  RouteAt,
  RouteHandler,
  ServerConfig,
  ServerEvents,
  ServerFault,
} from "./library/index.ts";
export { EventChannel, ServerWebSocket, UpgradeRefused } from "./registry.ts";
export type {
  App,
  AppContext,
  ChannelOptions,
  FoundFile,
  ListedFile,
  Message,
  Part,
  PartsBounds,
  PutOptions,
  ServerSentEvent,
  SocketEvents,
  Source,
  Storage,
  StoredFile,
  SubscribeOptions,
  UpgradeOptions,
} from "./registry.ts";
