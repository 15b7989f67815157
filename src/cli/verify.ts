// `portico verify`: says whether a server has what is here.
import { ClientFailure, HttpClient, verify, type Verdict } from "../client/index.ts";
import { printable } from "../config/index.ts";
import { sizeText } from "./control-text.ts";
import { EXIT } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import {
  checkNames,
  isHopeless,
  jsonLine,
  tellFailure,
  tellUntried,
  transferOf,
  type TransferOptions,
} from "./transfer.ts";

/** Compares `args`, files with a URL behind them. Returns what to exit with. */
export async function verifyCommand(
  args: readonly string[],
  options: TransferOptions,
  terminal: Terminal,
): Promise<number> {
  const transfer = await transferOf(args, options);
  checkNames(transfer, "");
  const { files, place, fields } = transfer;
  const client = new HttpClient();
  let exitCode: number = EXIT.good;
  try {
    for (const [index, file] of files.entries()) {
      const verdict = await verify(file, place, { client, fields });
      if (verdict instanceof ClientFailure) tellFailure(file, verdict, options, terminal);
      else if (options.json) terminal.out(jsonLine({ ...verdict, ok: verdict.same }));
      else terminal.out(`${printable(verdictText(verdict))}\n`);
      if (verdict instanceof ClientFailure || !verdict.same) exitCode = EXIT.failed;
      if (!isHopeless(verdict)) continue;
      tellUntried(files.length - index - 1, terminal);
      break;
    }
    return exitCode;
  } finally {
    client.close();
  }
}

/** One line: what is the same or differs, and what was looked at. */
export function verdictText(verdict: Verdict): string {
  const { file, url, same, by, bytes, sha256, remoteSha256 } = verdict;
  const read =
    by === "content" ? `; the server gives no digest, so ${sizeText(bytes)} were read` : "";
  if (same) return `${file}: same as ${url} (sha-256 ${sha256}${read})`;
  if (by !== "size") {
    return `${file}: differs from ${url}: sha-256 ${sha256} here, ${remoteSha256} there${read}`;
  }
  return `${file}: differs from ${url}: ${bytes} bytes here, ${moreThan(verdict)} there`;
}

/** Reading stops where there is more than here. */
function moreThan({ bytes, remoteBytes }: Verdict): string {
  return remoteBytes === null ? `more than ${bytes}` : String(remoteBytes);
}
