// A process that changes a session in the folder it is told of until it is killed, and says of each
// change that it is kept.
import { writeSync } from "node:fs";
import { changesTo, SessionBench } from "./session-bench.ts";

const { one } = new SessionBench({ folder: process.argv[2]! });
await one.create("a", changesTo({}));
for (let at = 0; ; at += 1) {
  // oxlint-disable-next-line no-await-in-loop -- one behind the other
  await one.save("a", changesTo({ [`key ${at}`]: at }));
  writeSync(1, `${at}\n`);
}
