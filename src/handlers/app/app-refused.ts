// What an app's reading and storing rejects with, where it is the client's fault or the disk's: a
// body that is too large, a form that is cut, a name that is taken. An app that leaves it alone has
// answered as the table of failures says; a framework that catches all errors asks it how.
import { Failure, type FailureTable } from "../../base/failure.ts";
import { INCOMING_FAILURES } from "../../http/incoming/index.ts";
import { METHOD_FAILURES } from "../../http/methods.ts";
import { Refused } from "../../http/refused.ts";
import { REPRESENTATION_FAILURES } from "../../http/representation/index.ts";
import { MULTIPART_FAILURES } from "../../protocol/index.ts";
import { STORAGE_FAILURES } from "../../storage/index.ts";

const TABLES: readonly FailureTable[] = [
  METHOD_FAILURES,
  MULTIPART_FAILURES,
  INCOMING_FAILURES,
  REPRESENTATION_FAILURES,
  STORAGE_FAILURES,
];
/** Of what bodies fail with, which is the driver's to say; all else of them is malformed. */
const OF_BODIES: ReadonlyMap<string, number> = new Map([
  ["bodyTooLarge", 413],
  ["bodyTimeout", 408],
]);
const MALFORMED = 400;

export class AppRefused extends Refused {
  /** Of the answer. Frameworks answer errors by it. */
  readonly status: number;

  constructor(failure: Failure) {
    super(failure);
    this.status = statusOf(failure.code);
  }

  /** What Hono asks errors for: it makes a response of its own of it. */
  getResponse(): Response {
    const headers = this.failure.fields.map(([name, value]): [string, string] => [name, value]);
    return new Response(`${this.status}: ${this.code}\n`, { status: this.status, headers });
  }
}

function statusOf(code: string): number {
  for (const table of TABLES) if (Object.hasOwn(table, code)) return table[code]!.status;
  return OF_BODIES.get(code) ?? MALFORMED;
}

/** `outcome`; a failure is thrown. */
export function orRefused<T>(outcome: T | Failure): T {
  if (outcome instanceof Failure) throw new AppRefused(outcome);
  return outcome;
}
