// Uploads by Node's own client, so many at once and in all. An answer that is none of success
// rejects, so that no figure is of refusals.
import { Agent, request } from "node:http";

export interface Upload {
  readonly method: "PUT" | "POST";
  /** Where the upload of a lane goes; a PUT's lanes each put their own file, again and again. */
  readonly path: (lane: number) => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

/** Sends `upload` to the server at `port` `count` times, on so many `connections` at once. */
export async function upload(
  port: number,
  { method, path, headers, content }: Upload,
  { connections, count }: { readonly connections: number; readonly count: number },
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = count;
  const lane = async (at: number): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await answered(agent, { port, method, path: path(at), headers }, content);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, (_, at) => lane(at)));
  } finally {
    agent.destroy();
  }
}

/** A form of a field, and a file of `content`. */
export function formOf(content: Buffer): Pick<Upload, "headers" | "content"> {
  const boundary = "----bench7MA4YWxkTrZu0gW";
  const disposition = "Content-Disposition: form-data; name=";
  const field = `--${boundary}\r\n${disposition}"title"\r\n\r\nround the columns\r\n`;
  const file = `--${boundary}\r\n${disposition}"file"; filename="shade.bin"\r\n`;
  const type = "Content-Type: application/octet-stream\r\n\r\n";
  const head = Buffer.from(field + file + type);
  return {
    headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
    content: Buffer.concat([head, content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

function answered(
  agent: Agent,
  asked: Pick<Upload, "method" | "headers"> & { readonly port: number; readonly path: string },
  content: Buffer,
): Promise<void> {
  const { method, path } = asked;
  return new Promise((resolve, reject) => {
    const headers = { ...asked.headers, "Content-Length": content.length };
    const options = { ...asked, agent, host: "127.0.0.1", headers };
    const sent = request(options, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode < 200 || statusCode > 299) {
        reject(new Error(`${method} ${path} is a ${statusCode}`));
      }
      response.on("error", reject).on("end", resolve).resume();
    });
    sent.on("error", reject);
    sent.end(content);
  });
}
