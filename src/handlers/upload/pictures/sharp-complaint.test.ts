import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../../testing/index.ts";
import { hasSharp, sharpComplaint } from "./sharp-complaint.ts";

const FILE = new URL("./sharp-complaint.ts", import.meta.url);

/** What is complained of in a folder whose package `sharp` is `module`; null: none is there. */
async function complaintWith(module: string | null): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    await cp(FILE, join(folder, "sharp-complaint.ts"));
    if (module !== null) {
      await mkdir(join(folder, "node_modules/sharp"), { recursive: true });
      await writeFile(join(folder, "node_modules/sharp/index.js"), module);
    }
    const script =
      'const m = await import("./sharp-complaint.ts");' +
      "console.log(JSON.stringify([m.hasSharp(), m.sharpComplaint()]))";
    const options = { cwd: folder, encoding: "utf8" } as const;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], options);
    const [has, complaint] = JSON.parse(said) as [boolean, string | null];
    assert.equal(has, module !== null);
    return complaint ?? "";
  });
}

test("where sharp works nothing is said", () => {
  assert.ok(hasSharp());
  assert.equal(sharpComplaint(), null);
  assert.equal(sharpComplaint(), null);
});

test("where it is missing, it is said how to get it", async () => {
  assert.equal(await complaintWith(null), 'thumbnails need the package "sharp": npm install sharp');
});

test("where it does not work, it is said why", async () => {
  const complaint = await complaintWith("throw new Error('no module for this machine')");
  assert.match(complaint, /does not work here \(Error: no module for this machine\): npm install/);
});
