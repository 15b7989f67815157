// npm run crash -- --rounds 1000 [--seed 7]
import { parseArgs } from "node:util";
import { withTemporaryFolder } from "../../src/testing/index.ts";
import { crashRounds } from "./rounds.ts";
import { startStore } from "./victim.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
console.log(`${rounds} rounds, --seed ${seed}`);
await withTemporaryFolder((folder) =>
  crashRounds(folder, startStore, {
    rounds,
    seed,
    onRound: (tally) => {
      if (tally.rounds % 50 === 0 || tally.rounds === rounds) console.log(JSON.stringify(tally));
    },
  }),
);
console.log("All that was acknowledged is whole, and nothing else is there.");
