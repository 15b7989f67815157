export type { OutgoingSink } from "../../transport/index.ts";
export { Connections, type Connection } from "./connections.ts";
