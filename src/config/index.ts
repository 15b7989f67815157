// The door of the config part: schemas, loading, and what is made of both.
export { parseAddress, type Address } from "./address.ts";
export { jsonSchema } from "./json-schema.ts";
export { differences, type Difference } from "./differences.ts";
export { loadConfig, Loaded, loadValue, type CrossCheck, type ProblemOptions } from "./load.ts";
export { nearest } from "./nearest.ts";
export type { Node, TableNode } from "./node.ts";
export { printConfig } from "./print.ts";
export { printable, withEscapes } from "./printable.ts";
export { resolvePath } from "./path.ts";
export * as schema from "./schema.ts";
export { sortProblems, Wrong, type Problem, type Severity } from "./problem.ts";
export { DURATION_UNITS, parseQuantity, SIZE_UNITS } from "./quantity.ts";
export { referencePage } from "./reference.ts";
export { renderProblems } from "./render.ts";
export { BROKEN, holdsBroken, type Sound } from "./sound.ts";
export type { ConfigPath } from "./steps.ts";
export {
  address,
  code,
  duration,
  either,
  extended,
  flag,
  integer,
  list,
  mayBeLeftOut,
  oneOf,
  optional,
  path,
  record,
  size,
  table,
  text,
} from "./schema.ts";
export type {
  Complaint,
  Infer,
  Input,
  PathKind,
  Schema,
  Shape,
  TextCheck,
  WholeCheck,
  Written,
} from "./shape.ts";
