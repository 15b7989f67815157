export { disposeOf, type LoadedModule } from "./dispose.ts";
export { FileWatch } from "./file-watch.ts";
export type { Source, Sources } from "./loaded-file.ts";
export { withoutMarks } from "./marks.ts";
export { ModuleFailed } from "./module-failed.ts";
export { ModuleGraphs, type LoadTerms, type ModuleExports } from "./module-graphs.ts";
export { stampOf } from "./stamp.ts";
