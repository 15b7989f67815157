export type { OutgoingSink } from "../../transport/index.ts";
export { Connections, type Connection, type Taker } from "./connections.ts";
