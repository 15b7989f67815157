import { Failure, type FailureTable } from "../base/failure.ts";
import type { Log } from "../base/log.ts";

export const STORAGE_FAILURES = {
  notFound: { status: 404, message: "There is nothing here by that name." },
  forbidden: { status: 403, message: "This may not be read." },
  overloaded: { status: 503, message: "This server has more to do than it takes on at once." },
  nameRefused: { status: 400, message: "A file can't have that name here." },
  nameTaken: { status: 409, message: "Something else has that name." },
  busy: { status: 503, message: "Somebody else is writing this." },
  quotaExceeded: { status: 507, message: "There is no room left for this in its place." },
  storageFull: { status: 507, message: "The disk has no room left for this." },
  storageFailed: { status: 500, message: "This could not be stored." },
} as const satisfies FailureTable;

export type StorageFailureCode = keyof typeof STORAGE_FAILURES;

/** What a client can bring about by the path that it asks for. */
const CODES: ReadonlyMap<string, StorageFailureCode> = new Map([
  ["ENOENT", "notFound"],
  ["ENOTDIR", "notFound"],
  ["ENAMETOOLONG", "notFound"],
  ["EINVAL", "notFound"],
  ["EILSEQ", "notFound"], // a name that this file system can't have
  ["ELOOP", "notFound"],
  ["ESTALE", "notFound"], // deleted on a network file system
  ["ENXIO", "forbidden"], // a socket
  ["ENODEV", "forbidden"],
  ["EACCES", "forbidden"],
  ["EPERM", "forbidden"],
  ["EMFILE", "overloaded"],
  ["ENFILE", "overloaded"],
]);

/** What a system error means to the client; one that no client brings about is thrown on. */
export function failureOf(error: unknown, path: string): Failure<StorageFailureCode> {
  const errno = (error as NodeJS.ErrnoException).code ?? "";
  const code = CODES.get(errno);
  if (code === undefined) throw error;
  return new Failure(code, `${path}: ${errno}`);
}

const WRITE_CODES: ReadonlyMap<string, StorageFailureCode> = new Map([
  ["ENOSPC", "storageFull"],
  ["EDQUOT", "storageFull"],
  ["EFBIG", "storageFull"],
  ["EMFILE", "overloaded"],
  ["ENFILE", "overloaded"],
  ["EEXIST", "nameTaken"],
  ["ENOTDIR", "nameTaken"], // a file stands where a folder would have to
  ["EISDIR", "nameTaken"],
  ["ELOOP", "nameTaken"], // a link: nothing is written through one
  ["ENOENT", "busy"], // a folder on the way was taken away meanwhile
  ["ESTALE", "busy"],
  ["ENAMETOOLONG", "nameRefused"],
  ["EILSEQ", "nameRefused"],
]);

/**
 * What a system error while writing means to the client; logged where no client can bring it about.
 * What is no system error is thrown on.
 */
export function writeFailureOf(
  error: unknown,
  doing: string,
  log: Log,
): Failure<StorageFailureCode> {
  const errno = errnoOf(error);
  if (errno === null) throw error;
  const failure = new Failure(WRITE_CODES.get(errno) ?? "storageFailed", `${doing}: ${errno}`);
  if (failure.code === "storageFailed") log.error(failure.detail, error);
  return failure;
}

/** The system's code for what went wrong; null: it was not the system that said so. */
export function errnoOf(error: unknown): string | null {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" && /^E[A-Z0-9]+$/u.test(code) ? code : null;
}
