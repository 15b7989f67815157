// What is wrong with a room from outside. It may come from plain JavaScript, or be made for another
// version of this program, so nothing is taken for granted.
import type { FailureRow, FailureTable } from "../base/failure.ts";
import type { Room } from "../http/room.ts";

// The other keys of a route, in files or in configs that programs hand in.
const RESERVED = new Set(["path", "handle", "filters"]);

/** Whether `value` says that it is a room, sound or not. */
export function isRoom(value: unknown): value is Room {
  if (typeof value !== "object" || value === null) return false;
  const { kind, create } = value as Partial<Room>;
  return (kind === "handler" || kind === "filter") && typeof create === "function";
}

/** Why `room` can't join the rooms `known` and their `failures`, in words; null: it can. */
export function complaintAboutRoom(
  room: Room,
  known: readonly Room[],
  failures: FailureTable,
): string | null {
  if (!isRoom(room)) return "this is no room, as handlerRoom and filterRoom make them";
  const name: unknown = room.name;
  if (typeof name !== "string" || !/^[a-z][A-Za-z0-9]{0,63}$/.test(name)) {
    return `${shown(name)} is no name of a room: a route's key, such as "myHandler"`;
  }
  if (RESERVED.has(name)) return `a room can't be called "${name}": routes have that key already`;
  const other = known.find((one) => one.name === name);
  if (other !== undefined) return `there is a ${other.kind} called "${name}" already`;
  if (!isSchema(room.options)) return `the ${room.kind} "${name}" has no schema of its options`;
  if (typeof room.doc !== "string") return `the ${room.kind} "${name}" has no \`doc\``;
  if (room.kind === "handler" && !areMethods(room.methods)) {
    return `the handler "${name}" does not say its methods: a list, "any" or a function`;
  }
  const complaint = complaintAboutFailures(room.failures, failures);
  return complaint && `the ${room.kind} "${name}": ${complaint}`;
}

function isSchema(options: unknown): boolean {
  const { shape, presence } = (options ?? {}) as { shape?: unknown; presence?: unknown };
  return typeof shape === "object" && typeof presence === "object";
}

function areMethods(methods: unknown): boolean {
  return methods === "any" || typeof methods === "function" || Array.isArray(methods);
}

function complaintAboutFailures(table: unknown, known: FailureTable): string | null {
  if (typeof table !== "object" || table === null) return "its failures are no table";
  for (const [code, row] of Object.entries(table as Readonly<Record<string, FailureRow>>)) {
    const { status, message } = (row ?? {}) as Partial<FailureRow>;
    const isError = Number.isInteger(status) && status! >= 400 && status! <= 599;
    if (!isError || typeof message !== "string") {
      return `the failure "${code}" needs a status from 400 to 599 and a message`;
    }
    const other = Object.hasOwn(known, code) ? known[code]! : null;
    if (other !== null && (other.status !== status || other.message !== message)) {
      return `the failure "${code}" is another's: ${other.status} ${other.message}`;
    }
  }
  return null;
}

function shown(name: unknown): string {
  return typeof name === "string" ? JSON.stringify(name) : `a ${typeof name}`;
}
