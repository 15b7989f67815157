// From the start of the process to the end of its first answer, on both cores.
import { BOTH_CPUS } from "../processors.ts";
import type { Row } from "./row.ts";

export const start: Row = {
  name: "start",
  title: "start, to the first answer",
  unit: "ms",
  ready: async (contestant, arena) => () =>
    arena.withFresh(contestant, { cpus: BOTH_CPUS }, async ({ startMs }) => startMs),
};
