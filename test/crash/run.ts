// npm run crash -- --rounds 1000 [--seed 7] [--server]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withTemporaryFolder } from "../../src/testing/index.ts";
import { crashRounds } from "./rounds.ts";
import { startServer } from "./server-victim.ts";
import { startStore } from "./victim.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    server: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
console.log(`${rounds} rounds, --seed ${seed}`);
await withTemporaryFolder((folder) =>
  crashRounds(join(folder, "files"), values.server ? startServer : startStore, {
    rounds,
    seed,
    inOne: values.server,
    onRound: (tally) => {
      if (tally.rounds % 50 === 0 || tally.rounds === rounds) console.log(JSON.stringify(tally));
    },
  }),
);
console.log("All that was acknowledged is whole, and nothing else is there.");
