export { UPGRADE_FAILURES } from "./failures.ts";
export type { Message, SocketEvents } from "./conversation.ts";
export { ServerWebSocket } from "./server-web-socket.ts";
export {
  MESSAGE_BYTES,
  upgradeOf,
  UpgradeRefused,
  UpgradeResponse,
  type UpgradeOptions,
} from "./upgrade.ts";
