/** Why a server did not start, in words that say what to do. */
export class StartError extends Error {
  override name = "StartError";
}
