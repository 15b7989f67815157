// Node's own classes of the Fetch standard, as they are before anything is put in their place.
// Whoever means these says so by importing them: by their global names a worker's apps get ours.

import { Readable } from "node:stream";

export const NativeHeaders: typeof Headers = globalThis.Headers;
export const NativeRequest: typeof Request = globalThis.Request;
export const NativeResponse: typeof Response = globalThis.Response;
export const nativeFetch = globalThis.fetch;

export type ResponseInput = ConstructorParameters<typeof Response>[0];
export type ResponseOptions = NonNullable<ConstructorParameters<typeof Response>[1]>;
export type HeadersInput = ConstructorParameters<typeof Headers>[0];

/** Whether anybody has read of a stream, or cancelled it. */
export function isDisturbed(stream: unknown): boolean {
  return Readable.isDisturbed(stream as Readable);
}

/** One of the classes whose place a light one takes. */
interface Class {
  readonly name: string;
  readonly prototype: object;
}

/**
 * Has `light` inherit from `native`, for `instanceof`, and gives it what it does not have itself:
 * members that `nativeOf` an object answers. So what a later Node adds is there, too. It is called
 * as `native` is, and its members are seen by whoever lists them.
 */
export function standInFor(light: Class, native: Class, nativeOf: (light: object) => object): void {
  Object.setPrototypeOf(light.prototype, native.prototype);
  Object.defineProperty(light, "name", { value: native.name });
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(native.prototype))) {
    if (name === "constructor") continue;
    if (Object.hasOwn(light.prototype, name)) {
      Object.defineProperty(light.prototype, name, { enumerable: member.enumerable === true });
      continue;
    }
    if (member.get === undefined && typeof member.value !== "function") continue;
    Object.defineProperty(light.prototype, name, delegated(name, member, nativeOf));
  }
}

function delegated(
  name: string,
  member: PropertyDescriptor,
  nativeOf: (light: object) => object,
): PropertyDescriptor {
  const { enumerable = true } = member;
  if (member.get !== undefined) {
    return {
      configurable: true,
      enumerable,
      get(this: object): unknown {
        return Reflect.get(nativeOf(this), name) as unknown;
      },
    };
  }
  return {
    configurable: true,
    enumerable,
    writable: true,
    value(this: object, ...args: unknown[]): unknown {
      const native = nativeOf(this);
      return Reflect.apply(Reflect.get(native, name) as () => unknown, native, args);
    },
  };
}
