// One request, by Node's own client: what is measured is verified by somebody else's reading.
import { type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Bytes of head and body. */
  readonly wireBytes: number;
}

/** Asks the server at `port` for `path`. Rejects when it does not answer, or not to the end. */
export function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(chunks);
        const fields = response.rawHeaders.reduce((total, text) => total + text.length + 2, 0);
        const head = `HTTP/1.1 200 ${response.statusMessage}\r\n\r\n`.length + fields;
        const wireBytes = head + body.length;
        resolve({ status: response.statusCode!, headers: response.headers, body, wireBytes });
      });
    });
    sent.on("error", reject).end();
  });
}
