export { askControl } from "./ask-control.ts";
export type {
  AnswerTo,
  ControlAnswer,
  ControlRequest,
  Refusal,
  ReloadAnswer,
  ReloadRequest,
  ReloadStatus,
  ServerRates,
  ServerStatus,
  ServerTotals,
  StatusAnswer,
  StatusRequest,
  StopAnswer,
  StopRequest,
  WorkerStatus,
} from "./messages.ts";
export type {
  EndSessionsAnswer,
  EndSessionsRequest,
  SessionsAnswer,
  SessionsRequest,
} from "./session-messages.ts";
export {
  openControl,
  type ControlHandler,
  type ControlOptions,
  type ControlSocket,
} from "./open-control.ts";
