// The answer of a lookup. One object a route, made at load: a lookup allocates nothing.
import type { Pattern } from "./pattern.ts";

export interface Match<T> {
  /** Index of the site. */
  readonly site: number;
  /** Index of the route in its site. */
  readonly index: number;
  readonly pattern: Pattern;
  readonly route: T;
  /** For `Exchange.prefixLength`, where the pattern has no parameters. */
  readonly prefixLength: number;
}
