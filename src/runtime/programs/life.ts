// A program's life, as both ways of running one have it:
//
//   output   open … over (its end, or drained behind the leader's end), or left
//   leader   runs … ended, and reaped
//   group    there … asked to end … killed … gone
//
// It is over when the output is over or left, and leader and group are gone. Nobody waits by a
// clock: `look` is called at a steady pace, and looks are counted.
import { signalGroup } from "./group.ts";
import type { HowEnded, Program, ProgramSink } from "./run.ts";

export const LOOK_MS = 100;

// A pipe that was read all the time and gave nothing between two looks was empty at the second.
const QUIET_LOOKS = 2;
const LOOKS_BEFORE_KILL = 4;
/** Behind SIGKILL: what is left then was ended, and is not reaped by whoever has it now. */
const LOOKS_AFTER_KILL = 1;

// No pipe holds more (pipe-max-size): what comes behind so much was not the leader's.
const AFTER_LEADER_BYTES_MAX = 1024 * 1024;

/** What a way does for its program. */
export interface Way {
  resumeOutput(): void;
  closeOutput(): void;
  /** There is nobody of the group any more: its number may become another's. */
  groupGone(): void;
  /** Tells the last complaints, and gives back all that it has. */
  release(): void;
}

export class ProgramLife implements Program {
  readonly pid: number;
  readonly #sink: ProgramSink;
  readonly #way: Way;
  #output: "open" | "over" | "left" = "open";
  #paused = false;
  #quietLooks = 0;
  #bytesAfterLeader = 0;
  #leader: HowEnded | null = null; // once it is reaped
  #group: "there" | "asked" | "killed" | "gone" = "there";
  #looks = 0; // since the group was asked to end, or killed
  #isOver = false;

  constructor(pid: number, sink: ProgramSink, way: Way) {
    this.pid = pid;
    this.#sink = sink;
    this.#way = way;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get leaderEnded(): boolean {
    return this.#leader !== null;
  }

  resume(): void {
    if (!this.#paused || this.#output !== "open") return;
    this.#paused = false;
    this.#quietLooks = 0;
    this.#way.resumeOutput();
  }

  leaveOutput(): void {
    if (this.#output !== "open") return;
    this.#output = "left";
    this.#way.closeOutput();
    this.#goOn();
  }

  end(): void {
    if (this.#isOver) return;
    this.#askGroup();
    this.leaveOutput();
  }

  /** Standard output came. False: no more is to be read until `resumeOutput`. */
  onOutput(bytes: Uint8Array): boolean {
    if (this.#output !== "open") return false;
    this.#quietLooks = 0;
    this.#paused = !this.#sink.onOutput(bytes);
    if (this.#leader !== null) {
      this.#bytesAfterLeader += bytes.length;
      if (this.#bytesAfterLeader > AFTER_LEADER_BYTES_MAX) this.onOutputEnd();
    }
    return !this.#paused;
  }

  /** Standard output is over. */
  onOutputEnd(): void {
    if (this.#output !== "open") return;
    this.#output = "over";
    this.#way.closeOutput();
    this.#sink.onOutputEnd();
    this.#goOn();
  }

  /** The leader has ended, and is reaped. */
  onLeaderEnd(how: HowEnded): void {
    this.#leader = how;
    this.#goOn();
  }

  /** To be called every `LOOK_MS`, once what there was to read has been read. */
  look(): void {
    if (this.#leader !== null && this.#output === "open" && !this.#paused) {
      this.#quietLooks += 1;
      if (this.#quietLooks > QUIET_LOOKS) this.onOutputEnd();
    }
    if (this.#group === "asked" || this.#group === "killed") this.#looks += 1;
    if (this.#group === "asked" && this.#looks >= LOOKS_BEFORE_KILL) {
      signalGroup(this.pid, "SIGKILL");
      this.#group = "killed";
      this.#looks = 0;
    }
    this.#goOn();
  }

  #goOn(): void {
    if (this.#isOver || this.#leader === null) return;
    // As soon as the leader is reaped its number is free, but for a group that still has it.
    const isGone = this.#group === "gone" || !signalGroup(this.pid, 0);
    if (isGone && this.#group !== "gone") {
      this.#group = "gone";
      this.#way.groupGone();
    }
    if (this.#output === "open") return;
    this.#askGroup();
    const isKilled = this.#group === "killed" && this.#looks >= LOOKS_AFTER_KILL;
    if (this.#group !== "gone" && !isKilled) return;
    this.#isOver = true;
    this.#way.release();
    this.#sink.onEnd(this.#leader);
  }

  #askGroup(): void {
    if (this.#group !== "there") return;
    signalGroup(this.pid, "SIGTERM");
    this.#group = "asked";
  }
}
