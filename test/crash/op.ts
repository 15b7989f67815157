// What is asked of whoever stores files, and may be cut off by a crash at any moment.
import { createHash } from "node:crypto";
import { Random } from "../fuzz/random.ts";

/** Content that comes again with its seed, so that no message has to carry it. */
export interface Content {
  readonly seed: number;
  readonly bytes: number;
}

export type Op =
  | {
      readonly kind: "put";
      readonly how: "reject" | "replace" | "rename" | "same";
      readonly files: readonly { readonly name: string; readonly content: Content }[];
    }
  | { readonly kind: "remove"; readonly name: string };

/** What was acknowledged: the names that files got, or why there are none. */
export type Ack = { readonly names: readonly string[] } | { readonly refused: string };

const SIZES = [0, 1, 1000, 70_000, 300_000, 1_500_000];

export function contentOf({ seed, bytes }: Content): Buffer<ArrayBuffer> {
  const content = Buffer.alloc(bytes);
  const random = new Random(seed);
  const word = Buffer.alloc(64);
  for (let at = 0; at < word.length; at += 1) word[at] = random.below(256);
  for (let at = 0; at < bytes; at += word.length) {
    word.writeUInt32LE(at, 0); // no two pieces are alike
    word.copy(content, at);
  }
  return content;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Any operation in `folder`, in which nobody else writes; `inOne`: each in one folder of it. */
export function anyOp(random: Random, folder: string, inOne: boolean): Op {
  const below = () => random.pick(["", "deep/"]);
  const one = inOne ? below() : null;
  const name = () => `${folder}/${one ?? below()}${random.pick(["a", "b", "c.txt"])}`;
  if (random.below(8) === 0) return { kind: "remove", name: name() };
  const how = random.pick(["reject", "replace", "replace", "rename", "same"] as const);
  const several = random.below(2) === 0 ? 1 : 2 + random.below(4);
  const names = Array.from({ length: several }, name);
  const files = (how === "rename" ? names : [...new Set(names)]).map((one) => ({
    name: one,
    content: { seed: random.below(2 ** 31), bytes: random.pick(SIZES) },
  }));
  return { kind: "put", how, files };
}
