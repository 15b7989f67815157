// A program is given a body that is there: one that is still on its way would hold the program for
// as long as its client likes.
import type { Failure } from "../../base/failure.ts";
import type { Spool, Spools } from "../../storage/index.ts";
import type { RequestBody } from "../exchange/index.ts";
import { pourBody } from "../pour-body.ts";

/**
 * All of `body`, which is the caller's to close; or why it can't be had: the body's own failure, or
 * the storage's. Then nothing is left of it.
 */
export async function spoolBody(body: RequestBody, spools: Spools): Promise<Spool | Failure> {
  const spool = spools.open();
  let failure: Failure | null;
  try {
    failure = await pourBody(body, (piece) => spool.write(piece));
  } catch (error) {
    spool.close();
    throw error;
  }
  if (failure === null) return spool;
  spool.close();
  return failure;
}
