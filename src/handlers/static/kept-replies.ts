// What stays with an open file (`OpenFile.kept`), so that it is answered by what was made before.
import type { FileReplies } from "../../http/representation/index.ts";

/** The replies of one file as they were given last, and what they depend on: all but the file. */
export class KeptReplies {
  readonly replies: FileReplies;
  readonly #folder: object;
  readonly #path: string;
  readonly #coding: string | null;
  readonly #varies: boolean;

  constructor(
    folder: object,
    path: string,
    coding: string | null,
    varies: boolean,
    replies: FileReplies,
  ) {
    this.replies = replies;
    this.#folder = folder;
    this.#path = path;
    this.#coding = coding;
    this.#varies = varies;
  }

  isFor(folder: object, path: string, coding: string | null, varies: boolean): boolean {
    return (
      this.#folder === folder &&
      this.#coding === coding &&
      this.#varies === varies &&
      this.#path === path
    );
  }
}
