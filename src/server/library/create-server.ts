import { PorticoServer } from "./portico-server.ts";
import type { ServerConfig } from "./typed-config.ts";

/**
 * A server of `config`, to be started. It serves in the thread that starts it, unless `workers`
 * says otherwise; it keeps nothing on disk without `data`. Throws a ConfigError that names all that
 * is wrong.
 *
 *     const server = createServer({
 *       listen: 0,
 *       routes: [{ path: "/hi/:name", handle: ({ params }) => text(`hi ${params.name}`) }],
 *     });
 *     await server.start();
 */
export function createServer<const Paths extends readonly string[]>(
  config: ServerConfig<Paths>,
): PorticoServer {
  return new PorticoServer(config);
}
