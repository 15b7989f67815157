export { formatAddress, ListenError } from "./address.ts";
export type { ListenAddress, TcpAddress, UnixAddress } from "./address.ts";
export { listen, Listener, type ListenOptions } from "./listener.ts";
export { claimTcp, type TcpClaim } from "./tcp-claim.ts";
export { openSharedUnix, type SharedUnix } from "./shared-unix.ts";
export { COLD, type FilePiece } from "./send-file.ts";
export { StreamSocket } from "./socket.ts";
export type { SocketSink } from "./socket.ts";
export { closeFastWays, ways } from "./ways.ts";
