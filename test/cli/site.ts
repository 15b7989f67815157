// A small site to serve, with a file that no buffer holds.
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RawConnection, withTemporaryFolder } from "../../src/testing/index.ts";

export const BIG_BYTES = 32 * 1024 * 1024; // more than the buffers of both sockets hold

/** A folder with `www` in it. */
export async function withSite(use: (folder: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "www"));
    await writeFile(join(folder, "www", "index.html"), "<h1>hello</h1>");
    await writeFile(join(folder, "www", "big.bin"), "");
    await truncate(join(folder, "www", "big.bin"), BIG_BYTES); // a hole, which takes no time
    await use(folder);
  });
}

/** A request for the big file whose answer has begun, and is not read on. */
export async function beginDownload(port: number): Promise<RawConnection> {
  const connection = await RawConnection.open(port);
  await connection.send("GET /big.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  await connection.until("\r\n\r\n");
  return connection;
}
