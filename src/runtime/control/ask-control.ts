// The command's side of the control socket: connects, asks once, reads one line.
import { connect, type Socket } from "node:net";
import { FirstLine } from "./first-line.ts";
import {
  parseAnswer,
  requestLine,
  type AnswerTo,
  type ControlAnswer,
  type ControlRequest,
  type Refusal,
} from "./messages.ts";
import { socketPlace } from "./socket-place.ts";

const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
// A reload reads a config and waits for every worker; a loop that is stuck for longer won't answer.
const ANSWER_MS = 60_000;

/**
 * Asks the server whose data folder is `folder`; "notRunning" where none has its socket there. A
 * stop that is answered well resolves when the server has ended, however long that takes.
 */
export async function askControl<Request extends ControlRequest>(
  folder: string,
  request: Request,
  { answerMs = ANSWER_MS }: { readonly answerMs?: number } = {},
): Promise<AnswerTo<Request> | Refusal | "notRunning"> {
  try {
    const place = await socketPlace(folder);
    if (typeof place === "string") return refusal(place);
    try {
      const answer = await new Question(place.address, request, answerMs).answer;
      return answer as AnswerTo<Request> | Refusal;
    } finally {
      await place.letGo();
    }
  } catch (error) {
    return explained(folder, error as NodeJS.ErrnoException);
  }
}

function explained(folder: string, error: NodeJS.ErrnoException): Refusal | "notRunning" {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
    case "ECONNREFUSED":
      return "notRunning";
    case "EACCES":
    case "EPERM":
      return refusal(`the data folder ${folder} is another user's: ask as that user, or as root`);
    case undefined:
      throw error;
    default:
      return refusal(`the server of ${folder} can't be asked: ${error.message}`);
  }
}

/** One connection. Its `answer` rejects with the system's error where it never came about. */
class Question {
  readonly answer: Promise<ControlAnswer>;
  readonly #socket: Socket;
  readonly #line = new FirstLine(ANSWER_BYTES_MAX);
  readonly #isStop: boolean;
  readonly #answerMs: number;
  readonly #late: NodeJS.Timeout;
  #connected = false;
  #answered: ControlAnswer | null = null;
  #error: Error | null = null;

  constructor(address: string, request: ControlRequest, answerMs: number) {
    this.#isStop = request.command === "stop";
    this.#answerMs = answerMs;
    this.#socket = connect(address);
    this.#late = setTimeout(() => this.#onLate(), answerMs);
    this.answer = new Promise((resolve, reject) => {
      this.#socket
        .on("connect", () => {
          this.#connected = true;
          this.#socket.write(requestLine(request));
        })
        .on("data", (chunk: Buffer) => this.#onChunk(chunk))
        .on("error", (error) => (this.#error = error))
        .on("close", () => {
          clearTimeout(this.#late);
          if (this.#answered === null && !this.#connected) reject(this.#error!);
          else resolve(this.#answered ?? refusal("the server ended before it answered"));
        });
    });
  }

  #onChunk(chunk: Buffer): void {
    if (this.#answered !== null) return;
    const fed = this.#line.feed(chunk);
    if (fed === null) return;
    const answer = fed === "tooLong" ? null : parseAnswer(fed.text);
    this.#answered = answer ?? refusal("the answer is none that this portico can read");
    clearTimeout(this.#late);
    // Who asked to stop stays: that the connection ends says that the server has.
    if (!(this.#isStop && this.#answered.ok)) this.#socket.destroy();
  }

  #onLate(): void {
    this.#connected = true; // a socket that lets nobody in has a server behind it
    this.#answered ??= refusal(`the server did not answer within ${this.#answerMs / 1000} s`);
    this.#socket.destroy();
  }
}

function refusal(message: string): Refusal {
  return { ok: false, message };
}
