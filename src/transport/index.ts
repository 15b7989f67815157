export { formatAddress, ListenError } from "./address.ts";
export type { ListenAddress, TcpAddress, UnixAddress } from "./address.ts";
export { claimTcp, listen, Listener, type ListenOptions } from "./listener.ts";
export { openSharedUnix, type SharedUnix } from "./shared-unix.ts";
export { COLD, type FilePiece } from "./send-file.ts";
export { StreamSocket } from "./socket.ts";
export type { SocketSink } from "./socket.ts";
export { closeFastWays, ways } from "./ways.ts";
