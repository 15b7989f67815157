// What an app's author writes against.
import type { ExchangeContext } from "./context.ts";

/** What an app gets beside the request. */
export type AppContext = Omit<ExchangeContext, "isGone" | "watch">;

/** The default export of an app's module. */
export interface App {
  fetch(request: Request, context: AppContext): Response | Promise<Response>;
}
