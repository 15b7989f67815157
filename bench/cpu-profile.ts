// V8's CPU profiles, read for where the time itself went: per function, without what it called.

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  /** Microseconds between a sample and the one before. */
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  /** The function with its file and line, as `name file:12`. */
  readonly place: string;
  readonly microseconds: number;
}

/** What V8 calls the time in which nothing ran. */
const IDLE = "(idle)";

/** The functions of `profile`, those with most time of their own first; idle time left out. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const { functionName, lineNumber, url } = frames.get(id)!;
    if (functionName === IDLE) continue;
    const file = url.replace(/^.*\/(?=(?:src|node_modules)\/)/u, "");
    const name = functionName === "" ? "(anonymous)" : functionName;
    const place = file === "" ? name : `${name} ${file}:${lineNumber + 1}`;
    times.set(place, (times.get(place) ?? 0) + timeDeltas[at]!);
  }
  return [...times]
    .map(([place, microseconds]) => ({ place, microseconds }))
    .toSorted((a, b) => b.microseconds - a.microseconds);
}
