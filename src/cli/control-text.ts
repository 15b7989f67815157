// What the commands that ask a running server say to people.
import { printable } from "../config/index.ts";
import type {
  ReloadAnswer,
  ReloadStatus,
  ServerRates,
  ServerStatus,
  WorkerStatus,
} from "../runtime/index.ts";

export function statusText(status: ServerStatus): string {
  const { version, pid, uptimeSeconds, startedAt, totals, rates } = status;
  const perSecond = (show: (over: ServerRates) => string): string =>
    `${show(rates.over10s)}/s over 10 s, ${show(rates.overMinute)}/s over a minute`;
  const rows: [string, string][] = [
    ["config", status.configFile ?? "none"],
    ["data", status.data],
    ...status.urls.map((url, index): [string, string] => [index === 0 ? "listening" : "", url]),
    [
      "connections",
      `${status.connections} now, ${totals.accepted} accepted, ${totals.refused} refused`,
    ],
    ["requests", `${totals.requests}; ${perSecond((over) => over.requestsPerSecond.toFixed(1))}`],
    [
      "sent",
      `${sizeText(totals.sentBytes)}; ${perSecond((over) => sizeText(over.sentBytesPerSecond))}`,
    ],
    ["received", sizeText(totals.receivedBytes)],
    ["memory", sizeText(status.memoryBytes)],
  ];
  const up = `up ${durationText(uptimeSeconds)} (since ${startedAt})`;
  const lines = [
    `portico ${version}, process ${pid}, ${up}`,
    ...rows.map(([name, value]) => `${name.padEnd(12)} ${value}`),
    ...workerLines(status.workers),
    ...(status.reloads.length === 0 ? [] : ["", "reloads", ...status.reloads.map(reloadLine)]),
  ];
  return linesText(lines);
}

function workerLines(workers: readonly WorkerStatus[]): string[] {
  if (workers.length === 0) return [];
  const table = [
    ["worker", "thread", "connections", "requests", "restarts", "since"],
    ...workers.map((worker) => [
      String(worker.index + 1),
      String(worker.threadId),
      String(worker.connections),
      String(worker.requests),
      String(worker.restarts),
      worker.startedAt,
    ]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const last = widths.length - 1;
  return [
    "",
    ...table.map((row) =>
      // Numbers stand under each other by their ends.
      row.map((cell, at) => (at === last ? cell : cell.padStart(widths[at]!))).join("  "),
    ),
  ];
}

function reloadLine({ at, by, ok, changed, message }: ReloadStatus): string {
  const what = ok && message === "" ? changed.join("; ") || "nothing changed" : message;
  const how = by === "signal" ? "by SIGHUP" : "by command";
  return `  ${at} ${how}, ${ok ? "good" : "refused"}: ${what}`;
}

export function reloadText({ changed, restart, dryRun }: ReloadAnswer): string {
  const sentences = [...changed, ...restart];
  const title = dryRun ? "would reload" : "reloaded";
  if (sentences.length === 0) return `${title}: nothing changed\n`;
  const waiting = restart.length === 1 ? "1 needs a restart" : `${restart.length} need a restart`;
  const counts = [
    ...(changed.length > 0 ? [`${changed.length} changed`] : []),
    ...(restart.length > 0 ? [waiting] : []),
  ];
  return linesText([`${title}: ${counts.join(", ")}`, ...sentences.map((one) => `  ${one}`)]);
}

const TIME_UNITS = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3600 },
  { name: "min", seconds: 60 },
  { name: "s", seconds: 1 },
] as const;

/** The two largest units of it: "3 h 12 min". */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const at = TIME_UNITS.findIndex((unit) => whole >= unit.seconds);
  const large = TIME_UNITS[at];
  if (large === undefined) return "0 s";
  const small = TIME_UNITS[at + 1];
  const text = `${Math.floor(whole / large.seconds)} ${large.name}`;
  if (small === undefined) return text;
  const rest = Math.floor((whole % large.seconds) / small.seconds);
  return rest === 0 ? text : `${text} ${rest} ${small.name}`;
}

const SIZE_NAMES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** In the largest unit that it fills: "1.2 GiB". */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be rounded to "1024.0" is one of the next unit.
  while (value >= 1023.95 && unit < SIZE_NAMES.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${SIZE_NAMES[unit]}`;
}

function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line).trimEnd()}\n`).join("");
}
