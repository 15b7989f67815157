// A server for one test: on a free port, quiet but for faults, gone with the test.
import type { ServerFault } from "./events.ts";
import { PorticoServer } from "./portico-server.ts";
import type { ServerConfig } from "./typed-config.ts";

/** A server of a test, on a free port of 127.0.0.1. */
export class TestServer extends PorticoServer {
  constructor(config: ServerConfig) {
    super({ ...config, listen: 0 });
    this.on("error", tell);
  }

  /** As `fetch`, with `path` on this server; redirects are not followed, but told. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(new URL(path, this.url), { redirect: "manual", ...init });
  }
}

/**
 * Starts a server of `config` on a free port, whatever its `listen` says. Faults of handlers go to
 * standard error: a test that wants none of it takes its `error` listener away.
 *
 *     await using server = await startTestServer(config);
 *     assert.equal((await server.fetch("/hi/ann")).status, 200);
 */
export async function startTestServer<const Paths extends readonly string[]>(
  config: ServerConfig<Paths>,
): Promise<TestServer> {
  return new TestServer(config).start();
}

/** Tells of a fault as an uncaught one would be told. */
export function tell({ message, stack }: ServerFault): void {
  console.error(stack === "" ? message : `${message}\n${stack}`);
}
