// The parts of a form, one after the other, as an app asks for them.
import { Failure } from "../../../base/failure.ts";
import type { Exchange } from "../../../http/exchange/index.ts";
import { orRefused } from "../app-refused.ts";
import { takeBody } from "../body-reader.ts";
import { multipartBoundary } from "../../../protocol/index.ts";
import { boundsInForce, type PartsBounds, type PartsOptions } from "./bounds.ts";
import { FormPull } from "./form-pull.ts";
import { Part } from "./part.ts";

const FORM_TYPE = "multipart/form-data";

/**
 * The parts of `exchange`'s form, each once it is asked for; the one before is skipped then, as far
 * as it was not read. Whoever leaves the loop leaves the rest of the form unread. What is wrong
 * with the form, and what is larger than the bounds, is thrown as `Refused`. Throws a TypeError
 * where the body was read before.
 */
export function partsOf(
  exchange: Exchange,
  options: PartsOptions,
  bounds: PartsBounds = {},
): AsyncIterableIterator<Part> {
  takeBody(exchange);
  return new Parts(exchange, boundsInForce(options, bounds));
}

class Parts implements AsyncIterableIterator<Part> {
  readonly #exchange: Exchange;
  readonly #bounds: ReturnType<typeof boundsInForce>;
  #form: FormPull | null = null;
  #part: Part | null = null;
  #isOver = false;

  constructor(exchange: Exchange, bounds: ReturnType<typeof boundsInForce>) {
    this.#exchange = exchange;
    this.#bounds = bounds;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Part, undefined>> {
    this.#part?.leave();
    if (this.#isOver) return { done: true, value: undefined };
    this.#form ??= new FormPull(
      this.#exchange.body,
      orRefused(boundaryOf(this.#exchange)),
      this.#bounds,
    );
    const part = await nextPart(this.#form);
    if (part === null) {
      this.#isOver = true;
      return { done: true, value: undefined };
    }
    this.#part = part;
    return { done: false, value: part };
  }

  /** Who leaves the loop with a part in hand may still read it. */
  async return(): Promise<IteratorResult<Part, undefined>> {
    this.#isOver = true;
    return { done: true, value: undefined };
  }
}

/** Skips what is left of the part before. */
async function nextPart(form: FormPull): Promise<Part | null> {
  for (;;) {
    const step = form.step();
    if (step === undefined) {
      // oxlint-disable-next-line no-await-in-loop -- a piece behind the other
      if (!(await form.more())) return null;
    } else if (step !== "end" && !(step instanceof Uint8Array)) {
      return new Part(step, form);
    }
  }
}

function boundaryOf({ fields }: Exchange): string | Failure {
  const type = fields.get("content-type") ?? "";
  if (type.replace(/;.*$/s, "").trim().toLowerCase() !== FORM_TYPE) {
    return new Failure("notMultipart", type, [["Accept", FORM_TYPE]]);
  }
  const coding = fields.get("content-encoding") ?? "identity";
  if (coding.toLowerCase() !== "identity") {
    return new Failure("codingNotAccepted", coding, [["Accept-Encoding", "identity"]]);
  }
  return multipartBoundary(type);
}
