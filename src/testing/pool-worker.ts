// A worker for tests of the pool: it does what the order says.
import { serveOrders, type Parent } from "../runtime/index.ts";

export type TestOrder =
  | { readonly kind: "echo"; readonly value: unknown }
  | { readonly kind: "place" }
  | { readonly kind: "fail"; readonly code: string }
  | { readonly kind: "never" }
  | { readonly kind: "note"; readonly note: unknown }
  | { readonly kind: "exit" }
  | { readonly kind: "throw" }
  | { readonly kind: "spin" };

export interface TestInit {
  /** The thread throws while it starts. */
  readonly broken?: boolean;
  readonly greeting?: string;
}

void serveOrders<TestInit, TestOrder>((init, parent) => {
  if (init.broken === true) throw new Error("broken from the start");
  return { carryOut: (order) => carryOut(order, init, parent) };
});

function carryOut(order: TestOrder, init: TestInit, parent: Parent): unknown {
  switch (order.kind) {
    case "echo":
      return order.value;
    case "place":
      return { index: parent.index, greeting: init.greeting };
    case "fail":
      throw Object.assign(new Error("as told"), { code: order.code });
    case "never":
      return new Promise(() => undefined);
    case "note":
      return parent.note(order.note);
    case "exit":
      return process.exit(3);
    case "throw":
      setImmediate(() => {
        throw new Error("thrown as told");
      });
      return new Promise(() => undefined);
    case "spin":
      for (;;);
  }
}
