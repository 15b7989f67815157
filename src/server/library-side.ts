// A server inside somebody's program, as the supervisor sees it: where it serves, who takes what
// would go to standard error, and who is told what happens.
import type { Told } from "./orders.ts";
import type { NoticeSink } from "./server-logs.ts";
import type { ServingLoop } from "./serving-loop.ts";

export interface LibrarySide {
  /** Serves in the thread that starts it, not in threads of its own. */
  readonly isLocal: boolean;
  /** False: nothing is listened on, and `onLocal` is how it is asked. */
  readonly listens: boolean;
  readonly notices: NoticeSink;
  /** Somebody listens to requests now. */
  readonly tellsRequests: () => boolean;
  readonly onTold: (told: Told) => void;
  /** Is handed the way to what serves locally: null before the start, and behind the end. */
  readonly onLocal?: (loop: () => ServingLoop | null) => void;
}

/** How a server is run otherwise than by the command line. */
export interface SupervisorSide {
  /** Where a worker's thread begins. */
  readonly entry?: URL;
  readonly library?: LibrarySide;
}
