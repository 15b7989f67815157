// A control socket in a folder of its own, and bytes sent to it as no command would.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import {
  openControl,
  type ControlAnswer,
  type ControlHandler,
  type ControlOptions,
  type ControlSocket,
} from "../runtime/index.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

/** Opens one in a fresh folder of mode 0700; it is closed and lets go behind `use`. */
export async function withControl(
  handle: ControlHandler,
  use: (folder: string, control: ControlSocket) => Promise<void>,
  options: ControlOptions = {},
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const control = await openedControl(folder, handle, options);
    try {
      await use(folder, control);
    } finally {
      await control.close();
      control.letGo();
    }
  });
}

/** Throws in words where there is none. */
export async function openedControl(
  folder: string,
  handle: ControlHandler,
  options: ControlOptions = {},
): Promise<ControlSocket> {
  const control = await openControl(folder, handle, options);
  if (typeof control === "string") throw new Error(control);
  return control;
}

export async function connectedTo(folder: string): Promise<Socket> {
  const socket = connect(join(folder, "control.sock")).on("error", () => undefined);
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  return socket;
}

/** All that comes until the connection ends. */
export async function restOf(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  if (!socket.closed) await once(socket, "close");
  return text;
}

/** What is answered to `bytes`, which are sent as they are. */
export async function answerToBytes(
  folder: string,
  bytes: string | Uint8Array,
): Promise<ControlAnswer> {
  const socket = await connectedTo(folder);
  const text = restOf(socket);
  socket.end(bytes);
  return JSON.parse(await text) as ControlAnswer;
}

/** A request's line as a command of this version writes it. */
export function lineFor(command: string, more: object = {}): string {
  return `${JSON.stringify({ version: 1, command, ...more })}\n`;
}
