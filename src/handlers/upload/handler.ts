// An upload route: a table of contents. What a method does is in the file of its name.
import { Failure, type FieldList } from "../../base/failure.ts";
import { crossSiteRefusal } from "../../http/cross-site.ts";
import { Reply, type Answer, type Exchange, type Handler } from "../../http/exchange/index.ts";
import type { RoomContext } from "../../http/room.ts";
import type { UploadOptions } from "./options.ts";
import { post } from "./post.ts";
import { conditionOf, put } from "./put.ts";
import { requestedName, type Requested } from "./requested-name.ts";
import { formPage, resultIn, resultPage } from "./result-page.ts";
import { serve } from "./serve.ts";
import { UploadFolder } from "./upload-folder.ts";

/** Takes uploads into one folder. */
export function uploadHandler(options: UploadOptions, context: RoomContext): Handler {
  let folder: UploadFolder | null = null;
  let opening: Promise<UploadFolder> | null = null;
  const opened = async (): Promise<UploadFolder> => {
    opening ??= UploadFolder.open(options, context);
    try {
      folder = await opening;
      return folder;
    } finally {
      opening = null; // a folder that could not be opened may be there the next time
    }
  };
  return (exchange) => {
    if (folder !== null) return answer(folder, exchange);
    return opened().then((one) => answer(one, exchange));
  };
}

function answer(folder: UploadFolder, exchange: Exchange): Answer | Promise<Answer> {
  const requested = requestedName(exchange);
  if (requested instanceof Failure) return requested;
  const { method } = exchange;
  const methods = methodsFor(folder.options, requested);
  if (method === "OPTIONS") return new Reply(204, allow(methods));
  if (method === "GET" || method === "HEAD") return read(folder, exchange, requested, methods);
  if (!methods.includes(method)) return new Failure("methodNotAllowed", method, allow(methods));
  return crossSiteRefusal(exchange) ?? change(folder, exchange, requested);
}

function read(
  folder: UploadFolder,
  exchange: Exchange,
  { name, isFolder }: Requested,
  methods: readonly string[],
): Answer | Promise<Answer> {
  const result = name === "" ? resultIn(folder, exchange) : null;
  if (result !== null) return resultPage(folder, exchange, result);
  if (!methods.includes("GET")) return new Failure("methodNotAllowed", "GET", allow(methods));
  if (name === "" && folder.options.page) return formPage(folder);
  return isFolder ? new Failure("notFound", name) : serve(folder, exchange, name);
}

function change(
  folder: UploadFolder,
  exchange: Exchange,
  { name }: Requested,
): Answer | Promise<Answer> {
  if (exchange.method === "DELETE") return remove(folder, exchange, name);
  // HTTP/1.0 ends a request's content by its length alone (RFC 1945 §7.2.2): what comes without one
  // would be stored as nothing, and answered with success.
  if (exchange.request.minorVersion === 0 && !exchange.fields.has("content-length")) {
    return new Failure("lengthMissing");
  }
  const coding = exchange.fields.get("content-encoding");
  if (coding !== null && coding.toLowerCase() !== "identity") {
    return new Failure("codingNotAccepted", coding, [["Accept-Encoding", "identity"]]);
  }
  return exchange.method === "PUT" ? put(folder, exchange, name) : post(folder, exchange, name);
}

async function remove(folder: UploadFolder, exchange: Exchange, name: string): Promise<Answer> {
  const removed = await folder.store.remove(name, conditionOf(exchange));
  if (removed instanceof Failure) return removed;
  await folder.pictures?.forget(removed.sha256);
  return new Reply(204);
}

/** What may be done with a folder, or with a file; whether it is there or not. */
function methodsFor(options: UploadOptions, { name, isFolder }: Requested): readonly string[] {
  const isRead = isFolder ? options.serve || (name === "" && options.page) : options.serve;
  const reads = isRead ? ["GET", "HEAD"] : [];
  if (isFolder) return [...reads, "POST", "OPTIONS"];
  return [...reads, "PUT", ...(options.remove ? ["DELETE"] : []), "OPTIONS"];
}

function allow(methods: readonly string[]): FieldList {
  return [["Allow", methods.join(", ")]];
}
