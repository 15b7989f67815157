// What a line of the table is: a way to get one figure of a server, again and again.
import type { Arena } from "../arena.ts";
import type { Contestant } from "../servers/contestant.ts";

export interface Row {
  /** What `--rows` and the bounds call it. */
  readonly name: string;
  /** What the table calls it. */
  readonly title: string;
  readonly unit: string;
  /** At most so many rounds, where one takes long. */
  readonly roundsMax?: number;
  /** True: the figure is a ratio already, and is bounded itself. */
  readonly isRatio?: boolean;
  /**
   * Verifies what `contestant` answers and warms it up; resolves with what measures one round, or
   * with null where the server can't do it. Rejects when an answer is not what it is to be.
   */
  ready(contestant: Contestant, arena: Arena): Promise<Round | null>;
}

/** Measures once. */
export type Round = () => Promise<number>;
