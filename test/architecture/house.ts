// The house: which floor each folder stands on, and where its doors are.

/** Floors from the ground up. What stands side by side on one floor knows nothing of the other. */
export const FLOORS: readonly (readonly string[])[] = [
  ["src/base"],
  ["src/protocol", "src/transport", "src/storage", "src/config"],
  ["src/runtime"],
  ["src/http", "src/backup", "src/client"],
  ["src/handlers", "src/filters"],
  ["src/server"],
  ["src/cli", "src/index.ts", "src/testkit.ts"],
];

/** Folders of the house that are no door: any file that lies directly in them may be imported. */
export const OPEN_FOLDERS = ["src/base", "src/protocol", "src/http", "src/testing"];

/** Where rooms live, a folder each. */
export const ROOM_FOLDERS = ["src/handlers", "src/filters"];

/** The one file that names rooms. */
export const REGISTRY = "src/server/registry.ts";

/** What only tests use. It may know every floor. */
export const TESTING = "src/testing";

/** How high `file` stands, from 1; null outside the house (packages, `src/testing`). */
export function floorOf(file: string): number | null {
  const floor = FLOORS.findIndex((parts) => parts.some((part) => isBelow(file, part)));
  return floor < 0 ? null : floor + 1;
}

/** The part that `file` belongs to: `src/storage`; null outside the house. */
export function partOf(file: string): string | null {
  return FLOORS.flat().find((part) => isBelow(file, part)) ?? null;
}

/** The room that `file` belongs to: `src/handlers/static`; null outside of rooms. */
export function roomOf(file: string): string | null {
  if (!ROOM_FOLDERS.some((folder) => isBelow(file, folder))) return null;
  return file.split("/").slice(0, 3).join("/");
}

/** Whether `file` is `folder` or lies in it, however deep. */
export function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

export function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}
