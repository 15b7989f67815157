export { Engine, type EngineCounters } from "./engine.ts";
export { ENGINE_FAILURES } from "./failures.ts";
export type {
  EngineParts,
  EngineSettings,
  FailedRequest,
  FinishedExchange,
  Limits,
  Timeouts,
} from "./settings.ts";
