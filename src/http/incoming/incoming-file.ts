// One file on its way in, whatever it came by (a part of a form, a whole body): looked at by its
// first bytes, freed of metadata where the route says so, and written to a draft. Nobody sees it
// before it is placed.
import { createHash, type Hash } from "node:crypto";
import { Failure } from "../../base/failure.ts";
import { GrowingBytes } from "../../base/growing-bytes.ts";
import { MetadataStripper, SNIFFED_BYTES, stripsMetadata } from "../../protocol/index.ts";
import type { Draft, Store } from "../../storage/index.ts";
import type { Taken } from "../pour-body.ts";
import { isAccepted, mayBeAccepted, typeOf } from "./accept.ts";

/** Pictures that may tell where they were taken, in ways that can't be taken out here. */
const MAY_TELL = new Set(["image/avif", "image/heic", "image/tiff"]);

/** What holds for all files that come into one folder. */
export interface FileRules {
  readonly store: Store;
  /** Bytes that one file may have. */
  readonly fileBytesMax: number;
  /** Media types that are taken; none: all. */
  readonly accept: readonly string[];
  /** What is taken out of pictures; left out: nothing. */
  readonly strip?: "location" | "all" | undefined;
  /** Whether the digest of what was received is wanted where something is taken out. */
  readonly digest: boolean;
  /** Looks at a file that has come whole: why it is not taken, or null. */
  complaint?(file: CompleteFile): Promise<Failure | null>;
}

/** What is known of a file when it begins. */
export interface FileFacts {
  /** The name that it is to have; null where it gets a fresh one. */
  readonly name: string | null;
  /** The Content-Type that it came with. */
  readonly declared: string | null;
  /** Bytes announced, or null. */
  readonly bytes: number | null;
  /** The name of the form's field, where it is one's. */
  readonly field: string | null;
}

/** A file that has come whole, and is on the disk under no name yet. */
export interface CompleteFile {
  readonly draft: Draft;
  readonly facts: FileFacts;
  readonly type: string;
  readonly bytes: number;
  /** As stored; null where the route makes none. */
  readonly sha256: Uint8Array | null;
  /** As received, where that is something else. */
  readonly receivedSha256: Uint8Array | null;
  /** Whether every byte is stored as it came, as far as that is known. */
  readonly isAsReceived: boolean;
}

export class IncomingFile {
  readonly #rules: FileRules;
  readonly #facts: FileFacts;
  readonly #draft: Draft;
  /** The first bytes, until there are enough to tell what the file is. */
  #first: Uint8Array = new Uint8Array(0);
  #type: string | null = null;
  #received = 0;
  #stripper: MetadataStripper | null = null;
  readonly #stripped = new GrowingBytes();
  #receivedHash: Hash | null = null;

  private constructor(rules: FileRules, facts: FileFacts, draft: Draft) {
    this.#rules = rules;
    this.#facts = facts;
    this.#draft = draft;
  }

  /** Room for a file, or why there is none: nothing is written then. */
  static async begin(rules: FileRules, facts: FileFacts): Promise<IncomingFile | Failure> {
    if (facts.bytes !== null && facts.bytes > rules.fileBytesMax) return tooLarge(facts.bytes);
    const said = { declared: facts.declared, name: facts.name ?? "" };
    if (!mayBeAccepted(said, rules.accept)) return notAccepted(facts);
    const draft = await rules.store.draft(facts.bytes);
    return draft instanceof Failure ? draft : new IncomingFile(rules, facts, draft);
  }

  /** The next bytes; the giver's again when it is known what became of them. */
  write(piece: Uint8Array): Taken {
    this.#received += piece.length;
    if (this.#received > this.#rules.fileBytesMax) return tooLarge(this.#received);
    if (this.#type !== null) return this.#store(piece);
    const first = this.#first.length === 0 ? piece : Buffer.concat([this.#first, piece]);
    if (first.length < SNIFFED_BYTES) {
      this.#first = Buffer.from(first);
      return null;
    }
    return this.#look(first) ?? this.#store(first);
  }

  /** All has come. What it gives is the caller's to place or to drop. */
  async end(): Promise<CompleteFile | Failure> {
    const failure = await this.#finish();
    if (failure !== null) return failure;
    const sealed = await this.#draft.seal();
    if (sealed instanceof Failure) return sealed;
    const { bytes, sha256 } = sealed;
    const received = this.#receivedHash?.digest() ?? null;
    const isAsReceived =
      this.#stripper === null || (received !== null && sha256 !== null && received.equals(sha256));
    const file = {
      draft: this.#draft,
      facts: this.#facts,
      type: this.#type!,
      bytes,
      sha256,
      receivedSha256: isAsReceived ? null : received,
      isAsReceived,
    };
    return (await this.#rules.complaint?.(file)) ?? file;
  }

  drop(): Promise<void> {
    return this.#draft.drop();
  }

  async #finish(): Promise<Failure | null> {
    if (this.#type === null) {
      const first = this.#first;
      const failure = this.#look(first) ?? (await this.#store(first));
      if (failure !== null) return failure;
    }
    if (this.#stripper === null) return null;
    return this.#stripper.end() ?? this.#writeStripped();
  }

  /** Decides by the first bytes; shorter files are decided by all of theirs. */
  #look(first: Uint8Array): Failure | null {
    const { declared, name } = this.#facts;
    const look = { first: first.subarray(0, SNIFFED_BYTES), declared, name: name ?? "" };
    this.#type = typeOf(look);
    if (!isAccepted(look, this.#rules.accept)) {
      return notAccepted(this.#facts, this.#type);
    }
    const strip = this.#rules.strip;
    if (strip === undefined) return null;
    if (MAY_TELL.has(this.#type)) return new Failure("pictureNotStripped", this.#type);
    if (stripsMetadata(this.#type)) {
      // What is given is lent: of one piece, it is less than that piece and what was held back.
      const give = (bytes: Uint8Array): void => this.#stripped.add(bytes);
      this.#stripper = new MetadataStripper(this.#type, strip, give);
      if (this.#rules.digest) this.#receivedHash = createHash("sha256");
    }
    return null;
  }

  #store(piece: Uint8Array): Taken {
    if (this.#stripper === null) return piece.length === 0 ? null : this.#draft.write(piece);
    this.#receivedHash?.update(piece);
    return this.#stripper.feed(piece) ?? this.#writeStripped();
  }

  // At once: a picture of tiny segments would be written four bytes at a time.
  #writeStripped(): Taken {
    return this.#stripped.length === 0 ? null : this.#draft.write(this.#stripped.take());
  }
}

function notAccepted({ name, declared }: FileFacts, type = "a file"): Failure {
  const said = `called ${name ?? "nothing"}, declared as ${declared ?? "nothing"}`;
  return new Failure("typeNotAccepted", `${type}, ${said}`);
}

function tooLarge(bytes: number): Failure<"fileTooLarge"> {
  return new Failure("fileTooLarge", `${bytes} bytes and more`);
}
