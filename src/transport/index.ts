export { formatAddress, listen, Listener, ListenError } from "./listener.ts";
export type { ListenAddress } from "./listener.ts";
export { StreamSocket } from "./socket.ts";
export type { SocketSink } from "./socket.ts";
