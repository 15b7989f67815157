// What `portico status` tells.
import type { ReloadStatus, ServerStatus } from "../runtime/index.ts";
import { countedBy } from "./shared-state.ts";
import type { Supervisor } from "./supervisor.ts";
import type { Traffic } from "./traffic.ts";
import { version } from "./version.ts";

export interface StatusFacts {
  readonly supervisor: Supervisor;
  readonly traffic: Traffic;
  readonly startedMs: number;
  readonly configFile: string | null;
  readonly data: string;
  readonly reloads: readonly ReloadStatus[];
}

export function statusOf(facts: StatusFacts): ServerStatus {
  const { supervisor, traffic, startedMs, configFile, data, reloads } = facts;
  const workers = supervisor.working.map(({ index, threadId, startedMs: since, restarts }) => {
    const { connections, requests } = countedBy(supervisor.shared, index);
    const startedAt = new Date(since).toISOString();
    const generations = supervisor.code.generationsOf(threadId);
    return { index, threadId, connections, requests, startedAt, restarts, generations };
  });
  return {
    version: version(),
    pid: process.pid,
    startedAt: new Date(startedMs).toISOString(),
    uptimeSeconds: Math.floor((Date.now() - startedMs) / 1000),
    configFile,
    data,
    urls: supervisor.urls,
    workers,
    connections: workers.reduce((sum, worker) => sum + worker.connections, 0),
    totals: traffic.totals(),
    rates: { over10s: traffic.rates(10), overMinute: traffic.rates(60) },
    memoryBytes: process.memoryUsage.rss(),
    reloads,
  };
}
