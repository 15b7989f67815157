// What goes over the control socket: one JSON value a line, one request a connection.
//
//   command → server   {"version":1,"command":"reload","dryRun":true}
//   server → command   {"ok":true,…} or {"ok":false,"message":"…","problems":"…"}
import {
  parseEndSessions,
  parseSessions,
  type EndSessionsAnswer,
  type EndSessionsRequest,
  type SessionsAnswer,
  type SessionsRequest,
} from "./session-messages.ts";

/** Grows when an old command would misread a new server, or the other way round. */
export const CONTROL_VERSION = 1;

export interface StatusRequest {
  readonly command: "status";
}

export interface ReloadRequest {
  readonly command: "reload";
  /** Says what would change, and changes nothing. */
  readonly dryRun?: boolean;
}

export interface StopRequest {
  readonly command: "stop";
}

export type ControlRequest =
  | StatusRequest
  | ReloadRequest
  | StopRequest
  | SessionsRequest
  | EndSessionsRequest;

/** What could not be done, and why. */
export interface Refusal {
  readonly ok: false;
  readonly message: string;
  /** A bad config's problems, as `portico check` prints them. */
  readonly problems?: string;
}

export interface StatusAnswer {
  readonly ok: true;
  readonly status: ServerStatus;
}

export interface ReloadAnswer {
  readonly ok: true;
  /** Settings in effect now, in sentences: "limits.connections: 10000 -> 500". */
  readonly changed: readonly string[];
  /** Settings that wait for a restart: "workers: 2 -> 4 (needs a restart)". */
  readonly restart: readonly string[];
  readonly dryRun?: true;
}

/** The server is stopping. The connection ends when it is gone. */
export interface StopAnswer {
  readonly ok: true;
  readonly pid: number;
}

interface Answers {
  readonly status: StatusAnswer;
  readonly reload: ReloadAnswer;
  readonly stop: StopAnswer;
  readonly sessions: SessionsAnswer;
  readonly endSessions: EndSessionsAnswer;
}

export type ControlAnswer = Answers[keyof Answers] | Refusal;
/** The good answer to one kind of request. */
export type AnswerTo<Request extends ControlRequest> = Answers[Request["command"]];

/** What `portico status` shows. */
export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601, as all times here. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly configFile: string | null;
  readonly data: string;
  readonly urls: readonly string[];
  readonly workers: readonly WorkerStatus[];
  readonly connections: number;
  readonly totals: ServerTotals;
  readonly rates: { readonly over10s: ServerRates; readonly overMinute: ServerRates };
  readonly memoryBytes: number;
  /** The last ten, the newest last. */
  readonly reloads: readonly ReloadStatus[];
}

export interface WorkerStatus {
  readonly index: number;
  readonly threadId: number;
  readonly connections: number;
  readonly requests: number;
  readonly startedAt: string;
  readonly restarts: number;
  /** How often it loaded code of the operator's. */
  readonly generations: number;
}

/** Since the server was started. */
export interface ServerTotals {
  readonly accepted: number;
  readonly refused: number;
  readonly requests: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface ServerRates {
  readonly requestsPerSecond: number;
  readonly sentBytesPerSecond: number;
}

export interface ReloadStatus {
  readonly at: string;
  readonly by: "signal" | "control" | "program" | "watch";
  readonly ok: boolean;
  readonly changed: readonly string[];
  readonly message: string;
}

/** The line that asks for `request`. */
export function requestLine(request: ControlRequest): string {
  return `${JSON.stringify({ version: CONTROL_VERSION, ...request })}\n`;
}

/** The request that a line holds, or in words why it holds none. */
export function parseRequest(line: string): ControlRequest | string {
  const value = objectIn(line);
  if (value === null) return "the request is no JSON object on a line";
  const { version, command, dryRun } = value;
  if (version !== CONTROL_VERSION) {
    return `this server speaks version ${CONTROL_VERSION} of the protocol: use its own portico`;
  }
  switch (command) {
    case "status":
    case "stop":
      return { command };
    case "reload":
      if (dryRun !== undefined && typeof dryRun !== "boolean") return "dryRun is true or false";
      return { command, dryRun: dryRun ?? false };
    case "sessions":
      return parseSessions(value);
    case "endSessions":
      return parseEndSessions(value);
    default:
      return "the command is none of status, reload, stop, sessions and endSessions";
  }
}

/** The answer that a line holds; null when it holds none. */
export function parseAnswer(line: string): ControlAnswer | null {
  const value = objectIn(line);
  if (value === null) return null;
  const { ok, message } = value;
  if (ok === true || (ok === false && typeof message === "string")) {
    return value as unknown as ControlAnswer;
  }
  return null;
}

function objectIn(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
