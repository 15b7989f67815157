import type { AppContext } from "portico";

export default {
  async fetch(request: Request, context: AppContext<"/context/:what">): Promise<Response> {
    switch (context.params.what) {
      case "greeting":
        return new Response(`${context.env["GREETING"]}, ${context.client.address}.\n`);
      case "visits": {
        const visits = ((await context.session.get<number>("visits")) ?? 0) + 1;
        await context.session.set("visits", visits);
        return Response.json({ visits });
      }
      case "echo":
        return new Response(request.body?.pipeThrough(upperCase()) ?? null);
      case "count":
        return new Response(numbers(request.signal));
      default:
        return new Response("There is nothing of that name.\n", { status: 404 });
    }
  },
};

/** Text as it passes, whatever its length: nothing is held. */
function upperCase(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  return new TransformStream({
    transform: (bytes, out) =>
      out.enqueue(encoder.encode(decoder.decode(bytes, { stream: true }).toUpperCase())),
  });
}

/** Counts until nobody listens. */
function numbers(signal: AbortSignal): ReadableStream<Uint8Array> {
  let count = 0;
  return new ReadableStream({
    async pull(out) {
      count += 1;
      if (count > 3 || signal.aborted) out.close();
      else out.enqueue(Buffer.from(`${count}\n`));
    },
  });
}
