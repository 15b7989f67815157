// What an answer costs with two workers on both cores, over what it costs with one. wrk has no core
// of its own then and runs on both: some of the difference is its doing.
import { BOTH_CPUS } from "../processors.ts";
import { ONE_KB } from "./requests.ts";
import type { Row } from "./row.ts";
import { cpuMicroseconds, verifiedLoad } from "./under-load.ts";

const NAME = "two-workers";
const TITLE = "1 KB file with two workers on both cores, over one";

export const twoWorkers: Row = {
  name: NAME,
  title: TITLE,
  unit: "×",
  isRatio: true,
  ready: async (contestant, arena) => {
    if (contestant.workersMax() < 2) return null;
    const row = { name: NAME, title: TITLE, request: ONE_KB };
    const one = await arena.kept(contestant);
    const onOne = { ...(await verifiedLoad(one, arena.material, row)), seconds: arena.seconds };
    const options = { workers: 2, cpus: BOTH_CPUS };
    return () =>
      arena.withFresh(contestant, options, async (two) => {
        const onTwo = { ...onOne, port: two.port };
        await cpuMicroseconds(two, onTwo, "answer", BOTH_CPUS); // warms up
        const costOfOne = await cpuMicroseconds(one, onOne, "answer");
        return (await cpuMicroseconds(two, onTwo, "answer", BOTH_CPUS)) / costOfOne;
      });
  },
};
