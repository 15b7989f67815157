// `npm run bench`: measures Portico beside other servers. `options.ts` has the command line.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Arena } from "./arena.ts";
import { complaintsAbout, readBounds } from "./bounds.ts";
import { makeMaterial } from "./material.ts";
import type { Round, Row } from "./measures/row.ts";
import { chosen, type Options, readOptions, USAGE } from "./options.ts";
import { page } from "./page.ts";
import { pinThisProcess } from "./processors.ts";
import { requirePrograms } from "./programs.ts";
import type { Figures, Result } from "./results.ts";
import { needLargeFiles, ROWS } from "./rows.ts";
import { contestantsFor } from "./servers/all.ts";
import { type Contestant, isIn } from "./servers/contestant.ts";
import { median } from "./statistics.ts";
import { figure } from "./table.ts";

interface Plan {
  readonly options: Options;
  readonly rows: readonly Row[];
  readonly contestants: readonly Contestant[];
}

/** What the command line asks for. Throws in words about what can't be. */
function planOf(args: readonly string[]): Plan {
  const options = readOptions(args);
  const rows = chosen(ROWS, options.rows);
  const contestants = chosen(contestantsFor(options), options.servers);
  requirePrograms(contestants);
  return { options, rows, contestants };
}

/** Measures, prints and saves. Resolves with the complaints of `--check`. */
async function run({ options, rows, contestants }: Plan): Promise<string[]> {
  // Asked before the rounds: what is measured is what was there then.
  const versions = new Map(contestants.map(({ name, version }) => [name, version()]));
  pinThisProcess();
  const runs: Map<Row, Figures>[] = [];
  for (let at = 0; at < options.runs; at += 1) {
    runs.push(await measureAll(rows, contestants, options));
  }
  const results = rows.map((row): Result => ({ row, runs: runs.map((run) => run.get(row)!) }));
  const date = new Date().toISOString().slice(0, 10);
  const text = page(results, { ...options, date, versions });
  console.log(text);
  if (options.save !== null) writeFileSync(options.save, text);
  return options.check ? complaintsAbout(results, readBounds()) : [];
}

/** One run: every row with every server, all started anew. */
async function measureAll(
  rows: readonly Row[],
  contestants: readonly Contestant[],
  { port, rounds, seconds }: Options,
): Promise<Map<Row, Figures>> {
  const folder = mkdtempSync(path.join(tmpdir(), "portico-bench-"));
  const material = path.join(folder, "public");
  const arena = new Arena({ folder, material, firstPort: port, seconds });
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFolder);
  try {
    makeMaterial(material, needLargeFiles(rows));
    const figures = new Map<Row, Figures>();
    for (const row of rows) {
      figures.set(row, await measureRow(row, contestants, arena, rounds));
      const cells = [...figures.get(row)!].map(([name, value]) => `${name} ${figure(value)}`);
      console.error(`${row.name} (${row.unit}): ${cells.join(" · ")}`);
    }
    return figures;
  } finally {
    await arena.stop();
    process.off("exit", removeFolder);
    removeFolder();
  }
}

/** The rounds of one row, interleaved: what disturbs the machine meanwhile disturbs all. */
async function measureRow(
  row: Row,
  contestants: readonly Contestant[],
  arena: Arena,
  rounds: number,
): Promise<Figures> {
  const ready: { name: string; round: Round | null; values: number[] }[] = [];
  for (const contestant of contestants) {
    const round = isIn(contestant, row.name) ? await row.ready(contestant, arena) : null;
    ready.push({ name: contestant.name, round, values: [] });
  }
  for (let at = 0; at < Math.min(rounds, row.roundsMax ?? rounds); at += 1) {
    for (const { round, values } of ready) if (round !== null) values.push(await round());
  }
  return new Map(
    ready.map(({ name, round, values }) => [name, round === null ? null : median(values)]),
  );
}

let plan: Plan;
try {
  plan = planOf(process.argv.slice(2));
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  console.error(`${words}\n\n${USAGE}`);
  process.exit(2);
}
const complaints = await run(plan);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
