// A failure on its way through code that is not ours, which knows no `Failure`: thrown. Who catches
// it may answer as it likes; what nobody catches is answered from the table as any failure is.
import type { Failure } from "../base/failure.ts";

/** Why a body, a part or a file was refused. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail === "" ? failure.code : `${failure.code}: ${failure.detail}`);
    this.failure = failure;
  }

  /** Which row of the table of failures answers it: "bodyTooLarge". */
  get code(): string {
    return this.failure.code;
  }
}
