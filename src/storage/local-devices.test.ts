import assert from "node:assert/strict";
import { test } from "node:test";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { LocalDevices } from "./local-devices.ts";

/** Devices of one kind, and how often it was asked for. */
function devicesOf(kind: number): { devices: LocalDevices; asked: () => number } {
  let asked = 0;
  const system: FileSystem = { ...systemFiles, kindAt: async () => ((asked += 1), kind) };
  return { devices: new LocalDevices(system), asked: () => asked };
}

for (const [name, kind, expected] of [
  ["ext4", 0xef53, true],
  ["btrfs, as a negative number", 0x9123683e | 0, true],
  ["tmpfs", 0x01021994, true],
  ["NFS", 0x6969, false],
  ["SMB", 0xff534d42, false],
  ["FUSE", 0x65735546, false],
  ["9p", 0x01021997, false],
  ["what nobody knows", 1, false],
] as const) {
  test(`${name} is ${expected ? "" : "not "}local`, async () => {
    assert.equal(await devicesOf(kind).devices.has(1n, "/"), expected);
  });
}

test("a device is asked for once, and another for itself", async () => {
  const { devices, asked } = devicesOf(0xef53);
  await devices.has(1n, "/a");
  await devices.has(1n, "/b");
  assert.equal(asked(), 1);
  await devices.has(2n, "/c");
  assert.equal(asked(), 2);
});

test("what can't be asked is not local", async () => {
  assert.equal(await new LocalDevices(systemFiles).has(1n, "/none/of/it"), false);
});
