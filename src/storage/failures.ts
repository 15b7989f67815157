import { Failure, type FailureTable } from "../base/failure.ts";

export const STORAGE_FAILURES = {
  notFound: { status: 404, message: "There is nothing here by that name." },
  forbidden: { status: 403, message: "This may not be read." },
  overloaded: { status: 503, message: "This server has more to do than it takes on at once." },
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
