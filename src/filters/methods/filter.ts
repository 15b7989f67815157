import type { Filter } from "../../http/exchange/index.ts";
import { guardMethods } from "../../http/methods.ts";
import type { MethodsOptions } from "./options.ts";

/** Lets the named methods through, and HEAD where GET is one; answers the others itself. */
export function methodsFilter(methods: MethodsOptions): Filter {
  return (next) => guardMethods(methods, next);
}
