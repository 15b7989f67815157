// An app that does all that one should not, by the last part of the path.
import type { AppContext } from "../../../src/handlers/app/index.ts";

const ends: Readonly<Record<string, (request: Request, context: AppContext) => unknown>> = {
  hello: () => new Response("hello"),
  throws: () => {
    throw new Error("thrown <here>");
  },
  rejects: async () => {
    throw new Error("rejected here");
  },
  "throws-text": () => {
    // oxlint-disable-next-line typescript/only-throw-error, no-throw-literal -- that is the case
    throw "only text";
  },
  nothing: () => undefined,
  used: async () => {
    const response = new Response("used");
    await response.text();
    return response;
  },
  "mid-stream": () => new Response(failing()),
  "mid-stream-known": () => new Response(failing(), { headers: { "Content-Length": "100" } }),
  "stream-of-objects": () => new Response(objects() as ReadableStream<Uint8Array>),
  short: () => new Response(new Blob(["abc"]).stream(), { headers: { "Content-Length": "9" } }),
  exit: () => process.exit(0),
  loops: () => {
    for (;;);
  },
  leaks: () => {
    void Promise.reject(new Error("leaked <rejection>"));
    return new Response("leaked");
  },
  timer: () => {
    setTimeout(() => {
      throw new Error("thrown in a timer");
    });
    return new Response("timed");
  },
  objects: () => {
    const kept: unknown[] = [];
    for (;;) kept.push({ at: kept.length, list: [kept.length] });
  },
  buffers: async () => {
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(1024 * 1024, 1));
      // oxlint-disable-next-line no-await-in-loop -- its loop turns: nobody finds it stuck
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  never: () => new Promise(() => {}),
  late: (_request, context) => {
    context.waitUntil(
      new Promise<void>((resolve) => {
        setTimeout(() => {
          context.log.warn("done behind the answer");
          resolve();
        }, 500);
      }),
    );
    return new Response("started");
  },
  "late-fails": (_request, context) => {
    context.waitUntil(Promise.reject(new Error("late and <wrong>")));
    return new Response("started");
  },
  body: async (request) => new Response(await request.text()),
};

function failing(): ReadableStream<Uint8Array> {
  let pulls = 0;
  return new ReadableStream({
    pull: (controller) => {
      pulls += 1;
      if (pulls > 2) throw new Error("broke in the middle");
      controller.enqueue(Buffer.from("piece"));
    },
  });
}

function objects(): ReadableStream<unknown> {
  return new ReadableStream({ pull: (controller) => controller.enqueue({ no: "bytes" }) });
}

export default {
  fetch(request: Request, context: AppContext): Response | Promise<Response> {
    const name = new URL(request.url).pathname.split("/").at(-1)!;
    return ends[name]!(request, context) as Response;
  },
};
