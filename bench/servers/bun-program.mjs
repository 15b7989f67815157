// `Bun.serve`, as its makers show it: `bun bun-program.mjs FOLDER PORT`.

// @ts-expect-error -- Bun's own, which Node does not know
globalThis.Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[3]),
  routes: {
    "/app/hello": () => new Response("hello"),
    "/app/async": async () => new Response("hello"),
  },
});
