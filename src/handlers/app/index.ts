import { CROSS_SITE_FAILURES } from "../../http/cross-site.ts";
import { INCOMING_FAILURES } from "../../http/incoming/index.ts";
import { handlerRoom } from "../../http/room.ts";
import { installLightClasses } from "./globals.ts";
import { appHandler } from "./handler.ts";
import { appTable, options } from "./options.ts";
import { prepareStorage } from "./storage/index.ts";
import { UPGRADE_FAILURES } from "./upgrade/index.ts";

export type { App, AppContext } from "./app.ts";
export {
  EventChannel,
  type ChannelOptions,
  type ServerSentEvent,
  type SubscribeOptions,
} from "./events/index.ts";
export {
  ServerWebSocket,
  UpgradeRefused,
  type Message,
  type SocketEvents,
  type UpgradeOptions,
} from "./upgrade/index.ts";
export type { Part, PartsBounds } from "./parts/index.ts";
export type {
  FoundFile,
  ListedFile,
  PutOptions,
  Source,
  Storage,
  StoredFile,
} from "./storage/index.ts";

export const app = handlerRoom({
  name: "app",
  doc: "Answers requests with a module's `fetch`.",
  options,
  methods: "any",
  failures: { ...INCOMING_FAILURES, ...CROSS_SITE_FAILURES, ...UPGRADE_FAILURES },
  uploadsTo: (given) => appTable(given).storage?.to ?? null,
  // What strangers store must not take the place of the app.
  reaches: (given) => [appTable(given).module],
  runsBelow: (given) => ({ folder: appTable(given).module, suffixes: null, isFile: true }),
  prepare: (given, stores) => prepareStorage(appTable(given).storage, stores),
  bodyBytesMax: (given) => appTable(given).bodyBytes ?? null,
  modules: (given) => [appTable(given).module],
  begin: installLightClasses,
  create: appHandler,
});
