export type { EngineCounters } from "./counters.ts";
export { Engine } from "./engine.ts";
export { ENGINE_FAILURES } from "./failures.ts";
export type {
  EngineParts,
  EngineSettings,
  FailedRequest,
  FinishedExchange,
  Limits,
  Timeouts,
} from "./settings.ts";
