// What a route knows of the pictures that are uploaded to it: how large they are, and smaller ones
// made of them. Both are asked of decoders in processes of their own, at most two at work in the
// whole server; none runs before it is needed, nor a minute after.
import { Failure } from "../../../base/failure.ts";
import type { RoomContext } from "../../../http/room.ts";
import { Decoder, type Answer } from "./decoder.ts";
import type { Question, Size } from "./messages.ts";
import { readSize } from "./picture-size.ts";
import { hasSharp } from "./sharp-complaint.ts";

const AT_ONCE = 2;
const WAITING_MAX = 100;
const WAIT_MS = 30_000;
const ANSWER_MS = 20_000;
const IDLE_MS = 60_000;
// Whatever one picture did to a decoder's memory, few others meet it.
const ASKED_MAX = 100;
// What Node maps before it has done anything is 610 MiB. Seen for a pixel: 3 bytes of a progressive
// JPEG, 5 of an interlaced PNG, 9 of one with 16 bits a channel, 18 of an AVIF.
const MEMORY_BYTES = 900 * 1024 * 1024;
const MEMORY_BYTES_A_PIXEL = 24;

const ODD = "the decoder answered something else";

const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "./decoder-main.ts" : "./decoder-main.js",
  import.meta.url,
);

export interface PicturesParts {
  readonly coordinator: RoomContext["coordinator"];
  readonly log: RoomContext["log"];
  /** For tests: what else is run, and for how long. */
  readonly entry?: URL;
  readonly answerMs?: number;
  readonly idleMs?: number;
  readonly withoutSharp?: boolean;
}

interface Idle {
  readonly decoder: Decoder;
  readonly asked: number;
  readonly end: NodeJS.Timeout;
}

export class Pictures {
  readonly #maxPixels: number;
  readonly #parts: PicturesParts;
  readonly #hasSharp: boolean;
  #idle: Idle | null = null;

  constructor(maxPixels: number, parts: PicturesParts) {
    this.#maxPixels = maxPixels;
    this.#parts = parts;
    this.#hasSharp = parts.withoutSharp !== true && hasSharp();
  }

  /**
   * How large the picture at `path` is, by its head: nothing is decoded. Failures: pictureTooLarge,
   * pictureUnreadable, picturesBusy. Without `sharp` no AVIF is read.
   */
  async look(path: string): Promise<Size | Failure> {
    const maxPixels = this.#maxPixels;
    if (!this.#hasSharp) return readSize(path, maxPixels);
    const answer = await this.#ask({ what: "look", path, maxPixels });
    if (answer instanceof Failure) return answer;
    if (answer.kind !== "size") return new Failure("pictureUnreadable", ODD);
    const { width, height, type } = answer;
    return { width, height, type };
  }

  /**
   * The picture at `path` as WebP, at most `width` wide and four times as tall, never enlarged:
   * upright, without metadata, of an animation the first frame. Failures as `look`'s.
   */
  async thumbnail(path: string, width: number): Promise<Uint8Array | Failure> {
    const answer = await this.#ask({ what: "thumbnail", path, width, maxPixels: this.#maxPixels });
    if (answer instanceof Failure) return answer;
    return answer.kind === "bytes" ? answer.bytes : new Failure("pictureUnreadable", ODD);
  }

  async #ask(question: Question): Promise<Exclude<Answer, { kind: "dead" | "refused" }> | Failure> {
    const options = { limit: AT_ONCE, queueMax: WAITING_MAX, waitMs: WAIT_MS };
    const slot = await this.#parts.coordinator.take("pictures", options);
    if (typeof slot === "string") return busy(slot);
    try {
      return this.#outcomeOf(await this.#askOne(question));
    } finally {
      slot.release();
    }
  }

  async #askOne(question: Question): Promise<Answer> {
    const { entry = ENTRY, answerMs = ANSWER_MS } = this.#parts;
    const kept = this.#takeIdle();
    const memoryBytes = MEMORY_BYTES + MEMORY_BYTES_A_PIXEL * this.#maxPixels;
    const decoder = kept?.decoder ?? new Decoder({ entry, memoryBytes });
    const answer = await decoder.ask(question, answerMs);
    this.#keep(decoder, (kept?.asked ?? 0) + 1);
    return answer;
  }

  #takeIdle(): Idle | null {
    const idle = this.#idle;
    this.#idle = null;
    clearTimeout(idle?.end);
    return idle?.decoder.isAlive === true ? idle : null;
  }

  /** One is kept for the next picture; another, or one that was asked often, is ended. */
  #keep(decoder: Decoder, asked: number): void {
    if (this.#idle !== null || asked >= ASKED_MAX || !decoder.isAlive) return decoder.end();
    const end = setTimeout(() => {
      this.#idle = null;
      decoder.end();
    }, this.#parts.idleMs ?? IDLE_MS).unref();
    this.#idle = { decoder, asked, end };
  }

  #outcomeOf(answer: Answer): Exclude<Answer, { kind: "dead" | "refused" }> | Failure {
    if (answer.kind === "refused") return new Failure(answer.code, answer.detail);
    if (answer.kind !== "dead") return answer;
    const { log } = this.#parts;
    if (!answer.began) {
      log.error(`pictures can't be decoded: ${answer.why}`);
      return busy(answer.why);
    }
    log.warn(`a picture was too much for its decoder: ${answer.why}`);
    return new Failure("pictureUnreadable", answer.why);
  }
}

function busy(why: string): Failure {
  return new Failure("picturesBusy", why, [["Retry-After", "10"]]);
}
