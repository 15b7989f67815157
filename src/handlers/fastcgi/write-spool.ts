// A body that is too large for memory, in records (FastCGI 1.0 §5.3), as fast as the program reads.
import {
  FASTCGI_TYPES,
  RECORD_HEAD_BYTES,
  encodeStreamEnd,
  writeRecordHead,
} from "../../protocol/index.ts";
import type { Connection } from "../../runtime/index.ts";
import type { Spool } from "../../storage/index.ts";

const CONTENT_BYTES = 32 * 1024;

/** Writes all of `body` and its end, while `goesOn`. Rejects where either end fails. */
export async function writeSpool(
  body: Spool,
  requestId: number,
  connection: Connection,
  goesOn: () => boolean,
): Promise<void> {
  const record = Buffer.allocUnsafe(RECORD_HEAD_BYTES + CONTENT_BYTES);
  const content = record.subarray(RECORD_HEAD_BYTES);
  const type = FASTCGI_TYPES.stdin;
  let at = 0;
  while (at < body.bytes && goesOn()) {
    // oxlint-disable-next-line no-await-in-loop -- one piece at a time
    const contentBytes = await body.read(content, at);
    if (contentBytes === 0) throw new Error(`the spool ends at ${at} of ${body.bytes}`);
    writeRecordHead(record, 0, { type, requestId, contentBytes });
    // oxlint-disable-next-line no-await-in-loop -- the block is written again
    await written(connection, record.subarray(0, RECORD_HEAD_BYTES + contentBytes));
    at += contentBytes;
  }
  if (goesOn()) await written(connection, encodeStreamEnd(type, requestId));
}

function written(connection: Connection, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
