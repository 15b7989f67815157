// A server with sessions whose handlers do what a test asks for by the path, and whose programs
// tell whom they were told of. And a browser that asks it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Reply, type Handler } from "../../src/http/exchange/index.ts";
import {
  createServer,
  type PorticoServer,
  type ServerConfig,
} from "../../src/server/library/index.ts";
import { withTemporaryFolder } from "../../src/testing/index.ts";

const SH = `#!/bin/sh
echo Content-Type: text/plain
echo
echo "\${PORTICO_SESSION_ID-none} \${PORTICO_SESSION_USER-none}"
`;
const PYTHON = `#!/usr/bin/python3
import os
print("Content-Type: text/plain\\n")
print(os.environ.get("PORTICO_SESSION_ID", "none"), os.environ.get("PORTICO_SESSION_USER", "none"))
`;
const PHP = `<?php
header("Content-Type: text/plain");
echo $_SERVER["PORTICO_SESSION_ID"] ?? "none", " ", $_SERVER["PORTICO_SESSION_USER"] ?? "none";
`;

/** By the last part of the path: /do/login, … Values come by the query, as `key=value`. */
const ACTIONS: Record<string, Handler> = {
  login: async ({ query, session }) => {
    await session!.regenerate({ user: decodeURIComponent(query) });
    return told(await session!.id);
  },
  logout: async ({ session }) => {
    await session!.destroy();
    return told("bye");
  },
  set: async ({ query, session }) => {
    const [key, value] = query.split("=");
    await session!.set(key!, value!);
    return told("set");
  },
  get: async ({ query, session }) => told((await session!.get(query)) ?? null),
  who: async ({ session }) => told([await session!.id, await session!.user]),
  late: async ({ query, session }) => {
    await session!.regenerate({ user: query });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return told("late");
  },
  nothing: () => told("nothing"),
  fail: async ({ session }) => {
    await session!.set("a", "failed");
    throw new Error("broken on purpose");
  },
};

function told(value: unknown): Reply {
  return new Reply(200, [["Content-Type", "application/json"]], Buffer.from(JSON.stringify(value)));
}

const act: Handler = (exchange) => ACTIONS[exchange.restPath]!(exchange);

export interface SessionSite {
  readonly server: PorticoServer;
  /** Stops it, and starts it on the same folder. */
  restart(): Promise<void>;
}

export async function withSessionSite(
  config: Partial<ServerConfig>,
  use: (site: SessionSite) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const root = join(folder, "programs");
    await mkdir(root);
    await writeFile(join(root, "tell.sh"), SH, { mode: 0o755 });
    await writeFile(join(root, "tell.py"), PYTHON, { mode: 0o755 });
    await writeFile(join(root, "tell.php"), PHP);
    const cgi = { root, interpreters: { ".php": "php-cgi" } };
    const fastcgi = { spawn: "php-cgi", workers: 1, root };
    const server = createServer({
      listen: 0,
      data: join(folder, "data"),
      routes: [
        { path: "/do/*", handle: act, session: true },
        { path: "/plain/*", handle: (exchange) => told(exchange.session) },
        { path: "/cgi/*", cgi, session: true },
        { path: "/fast/*", fastcgi, session: true },
        { path: "/without/*", cgi },
      ],
      ...config,
    });
    await server.start();
    const restart = async (): Promise<void> => {
      await server.stop();
      await server.start();
    };
    try {
      await use({ server, restart });
    } finally {
      await server.stop();
    }
  });
}

/** Keeps the cookies that it is given, and asks as pages of the site do. */
export class Browser {
  readonly #site: SessionSite;
  readonly jar = new Map<string, string>();
  /** What came last. */
  setCookies: readonly string[] = [];

  constructor(site: SessionSite) {
    this.#site = site;
  }

  async ask(path: string, request: RequestInit = {}): Promise<Response> {
    const headers = new Headers(request.headers);
    const cookie = Array.from(this.jar, ([name, value]) => `${name}=${value}`).join("; ");
    if (cookie !== "") headers.append("cookie", cookie);
    const response = await fetch(`${this.#site.server.url}${path}`, { ...request, headers });
    this.setCookies = response.headers.getSetCookie();
    for (const one of this.setCookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      if (one.includes("Max-Age=0")) this.jar.delete(name!);
      else this.jar.set(name!, value!);
    }
    return response;
  }

  async json(path: string, request: RequestInit = {}): Promise<unknown> {
    return (await this.ask(path, request)).json();
  }

  async text(path: string, request: RequestInit = {}): Promise<string> {
    return (await (await this.ask(path, request)).text()).trim();
  }
}
