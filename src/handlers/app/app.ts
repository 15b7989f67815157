// What an app's author writes against.
import type { Params, ParamsOf } from "../../http/exchange/index.ts";
import type { ExchangeContext } from "./context.ts";

/**
 * What an app gets beside the request. `Path`: the path of its route, as the config has it, whose
 * parameters it then knows; under a prefix `params["*"]` is what the `*` matched, decoded.
 */
export type AppContext<Path extends string = string> = Omit<
  ExchangeContext,
  "answered" | "isGone" | "params" | "watch"
> & { readonly params: string extends Path ? Params : ParamsOf<Path> & RestOf<Path> };

type RestOf<Path extends string> = Path extends `${string}*${string}`
  ? { readonly "*": string }
  : {};

/** The default export of an app's module; `Path` as of its context. */
export interface App<Path extends string = string> {
  fetch(request: Request, context: AppContext<Path>): Response | Promise<Response>;
  /** Called when other code has taken its place, and no request of its own is under way. */
  dispose?(): void | Promise<void>;
}
