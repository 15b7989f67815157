// The command line of `npm run bench`.
import path from "node:path";
import { parseArgs } from "node:util";

export interface Options {
  /** Names of rows and of servers; null: all. */
  readonly rows: readonly string[] | null;
  readonly servers: readonly string[] | null;
  readonly rounds: number;
  readonly seconds: number;
  readonly runs: number;
  /** The `bin/portico` that is measured. */
  readonly portico: string;
  /** Another one, which gets a column of its own; null: none. */
  readonly against: string | null;
  /** Where servers listen, each on the next port. */
  readonly port: number;
  readonly check: boolean;
  /** Where the table is written, too; null: it is printed only. */
  readonly save: string | null;
}

export const USAGE = `npm run bench -- [OPTION]...
  --rows NAME,...     only these rows          --servers NAME,...  only these servers
  --rounds N          rounds a row (5)         --seconds N         seconds a round (2)
  --runs N            the whole, N times (1)   --port N            the first port (21000)
  --portico PATH      measure this bin/portico
  --against PATH      and this one beside it, as portico-other
  --check             exit 1 when a ratio is over its bound in bench/bounds.json
  --save FILE         write the table there (bench/RESULTS.md, for a whole run)`;

const RESULTS = path.join(import.meta.dirname, "RESULTS.md");
const OWN_PORTICO = path.join(import.meta.dirname, "../bin/portico");

/** Reads `args`; throws an Error in words about what is wrong with them. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string" },
      servers: { type: "string" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "2" },
      runs: { type: "string", default: "1" },
      port: { type: "string", default: "21000" },
      portico: { type: "string" },
      against: { type: "string" },
      check: { type: "boolean", default: false },
      save: { type: "string" },
    },
  });
  const rows = names(values.rows);
  const servers = names(values.servers);
  const whole = rows === null && servers === null ? RESULTS : null;
  return {
    rows,
    servers,
    rounds: positive("rounds", values.rounds),
    seconds: positive("seconds", values.seconds),
    runs: positive("runs", values.runs),
    portico: path.resolve(values.portico ?? OWN_PORTICO),
    against: values.against === undefined ? null : path.resolve(values.against),
    port: positive("port", values.port),
    check: values.check,
    save: values.save === undefined ? whole : path.resolve(values.save),
  };
}

/** Those of `all` that `wanted` names, in the order of `all`. Throws about a name of none. */
export function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  wanted: readonly string[] | null,
): T[] {
  if (wanted === null) return [...all];
  const known = all.map(({ name }) => name);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length === 0) return all.filter(({ name }) => wanted.includes(name));
  throw new Error(`There is no ${unknown.join(", ")}: take of ${known.join(", ")}.`);
}

function names(list: string | undefined): string[] | null {
  return list === undefined ? null : list.split(",").map((name) => name.trim());
}

function positive(name: string, text: string): number {
  if (/^[1-9]\d{0,4}$/u.test(text)) return Number(text);
  throw new Error(`--${name} takes a whole number from 1, not ${text}.`);
}
