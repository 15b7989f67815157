export { GATEWAY_FAILURES, RETRY_AFTER_S } from "./failures.ts";
export { MetaVariables } from "./meta-variables.ts";
export type {
  MetaVariableRules,
  ScriptPlace,
  VariableBytes,
  VariableSink,
} from "./meta-variables.ts";
export type { OutputSource } from "./output-pieces.ts";
export { ProgramAnswer, type ProgramRules } from "./program-answer.ts";
export { openScript, placeOfFound, placeOfRoute, nameEndOf, type NameEnd } from "./script-place.ts";
export { ScriptFinder, type FoundScript, type ScriptRules } from "./script-finder.ts";
export { indexOption, programOptions } from "./options.ts";
export { sessionFacts, type SessionFacts } from "./session-facts.ts";
export { spoolBody } from "./spool-body.ts";
export { takeSlot } from "./take-slot.ts";
