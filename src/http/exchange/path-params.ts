// The parameters of a route's path, read by the compiler from its text, so that a handler is told
// which there are. It reads what `http/router` reads; what is no pattern is told when it is loaded.
import type { Params } from "./exchange.ts";

/** `ParamsOf<"/u/:id/files/*">` is `{ readonly id: string }`; of an unknown text `Params`. */
export type ParamsOf<Path extends string> = string extends Path
  ? Params
  : { readonly [Name in ParamNames<Path>]: string };

type ParamNames<Path extends string> = Path extends `${infer Segment}/${infer Rest}`
  ? NameOf<Segment> | ParamNames<Rest>
  : NameOf<Path>;

type NameOf<Segment extends string> = Segment extends `:${infer Name}` ? Name : never;
