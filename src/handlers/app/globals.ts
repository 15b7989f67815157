// What apps find under the names of the Fetch standard in a thread that serves: light responses,
// and a `Request` and a `fetch` that take light requests.
import { nativeFetch, NativeRequest } from "./native-web.ts";
import { LightRequest, nativeRequestOf } from "./request.ts";
import { LightResponse } from "./response.ts";

let isInstalled = false;

/** Light classes have the place of the global ones, in this thread. */
export function lightIsInstalled(): boolean {
  return isInstalled;
}

/** Gives light classes the place of the global ones, for all code of this thread. */
export function installLightClasses(): void {
  isInstalled = true;
  globalThis.Response = LightResponse as unknown as typeof Response;
  // Node's own, by another way in: it is still the class that `instanceof` asks about.
  globalThis.Request = new Proxy(NativeRequest, {
    construct: (target, [input, ...rest], made) =>
      Reflect.construct(target, [turned(input), ...rest], made) as object,
  });
  for (const { prototype } of [NativeRequest, LightRequest]) {
    Object.defineProperty(prototype, "constructor", { value: globalThis.Request });
  }
  globalThis.fetch = (input, ...rest) => nativeFetch(turned(input) as Request, ...rest);
}

function turned(input: unknown): unknown {
  return LightRequest.isOne(input) ? nativeRequestOf(input) : input;
}
