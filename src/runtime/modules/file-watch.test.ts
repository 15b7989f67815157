import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../testing/index.ts";
import { FileWatch } from "./file-watch.ts";

/** A watch of app.ts in `folder`, with what it told. */
function watched(folder: string, any = false): { watch: FileWatch; told(): Promise<void> } {
  let tell = (): void => undefined;
  let count = 0;
  const watch = new FileWatch(() => {
    count += 1;
    tell();
  });
  watch.look([join(folder, "app.ts")], { any });
  const told = (): Promise<void> =>
    new Promise((resolve) => {
      const before = count;
      tell = () => count > before && resolve();
    });
  return { watch, told };
}

const SAVES: Readonly<Record<string, (file: string) => void>> = {
  "is written": (file) => writeFileSync(file, "new"),
  "is replaced, as editors do": (file) => {
    writeFileSync(`${file}~`, "new");
    renameSync(`${file}~`, file);
  },
};

for (const [how, save] of Object.entries(SAVES)) {
  test(`a file that ${how} is told, time and again`, () =>
    withTemporaryFolder(async (folder) => {
      const file = join(folder, "app.ts");
      writeFileSync(file, "old");
      const { watch, told } = watched(folder);
      for (let times = 0; times < 3; times += 1) {
        const change = told();
        save(file);
        await change;
      }
      watch.close();
    }));
}

test("other files of the folder are nobody's business, unless any is asked for", () =>
  withTemporaryFolder(async (folder) => {
    let count = 0;
    const watch = new FileWatch(() => (count += 1));
    const file = join(folder, "app.ts");
    const { watch: second, told } = watched(folder);
    watch.look([join(folder, "none.ts")]);
    const change = told();
    writeFileSync(join(folder, "other.ts"), "");
    writeFileSync(file, "");
    await change;
    assert.equal(count, 0);
    watch.close();
    second.close();
    const { watch: third, told: toldAny } = watched(folder, true);
    const any = toldAny();
    writeFileSync(join(folder, "data.sqlite"), "");
    writeFileSync(join(folder, "new.ts"), "");
    await any;
    third.close();
  }));

test("a folder that is not there is no mistake", () => {
  const watch = new FileWatch(() => undefined);
  watch.look(["/no/such/folder/app.ts"]);
  watch.close();
});
