// The door to servers in somebody's program.
export { createServer } from "./create-server.ts";
export type { FinishedRequest, ServerEvents, ServerFault } from "./events.ts";
export { PorticoServer, type Reloaded } from "./portico-server.ts";
export { respond } from "./respond.ts";
export { startTestServer, TestServer } from "./test-server.ts";
export { route } from "./typed-config.ts";
export type { RouteAt, RouteHandler, ServerConfig } from "./typed-config.ts";
