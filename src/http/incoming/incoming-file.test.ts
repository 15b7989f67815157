import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { flag, loadConfig, oneOf, optional, size, table } from "../../config/index.ts";
import {
  exifWithPlace,
  PLACE,
  pngChunk,
  pngWith,
  roomContext,
  withTemporaryFolder,
} from "../../testing/index.ts";
import { folderKeys, storeRules } from "./folder-options.ts";
import {
  IncomingFile,
  type CompleteFile,
  type FileFacts,
  type FileRules,
} from "./incoming-file.ts";

const options = table({
  ...folderKeys,
  fileBytes: optional(size({ doc: "What a file may have." })),
  digest: flag({ doc: "Make a digest.", fallback: true }),
  strip: optional(oneOf(["location", "all"], { doc: "What is taken out." })),
});

const FACTS: FileFacts = { name: "a", declared: null, bytes: null, field: null };

/** What becomes of pieces, each wiped once it was taken; what fails is dropped. */
async function take(
  toml: string,
  pieces: readonly Uint8Array[],
  facts: Partial<FileFacts> = {},
  look: (file: CompleteFile | Failure, left: readonly string[]) => void = () => undefined,
): Promise<CompleteFile | Failure> {
  return withTemporaryFolder(async (folder) => {
    const text = `to = ${JSON.stringify(folder)}\n${toml}\n`;
    const loaded = loadConfig(text, "incoming.toml", options);
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    const { fileBytes, accept, strip, digest } = loaded.value;
    const store = await roomContext().stores.open(storeRules(loaded.value, digest));
    const rules = { store, fileBytesMax: fileBytes ?? Infinity, accept, strip, digest };
    const outcome = await write(rules, pieces, { ...FACTS, ...facts });
    look(outcome, await readdir(folder));
    if (!(outcome instanceof Failure)) await outcome.draft.drop();
    assert.deepEqual(await readdir(folder), []);
    await store.close();
    return outcome;
  });
}

async function write(
  rules: FileRules,
  pieces: readonly Uint8Array[],
  facts: FileFacts,
): Promise<CompleteFile | Failure> {
  const file = await IncomingFile.begin(rules, facts);
  if (file instanceof Failure) return file;
  let failure: Failure | null = null;
  for (const piece of pieces) {
    const lent = Buffer.from(piece);
    failure ??= await file.write(lent);
    lent.fill(0);
  }
  const outcome = failure ?? (await file.end());
  if (outcome instanceof Failure) await file.drop();
  return outcome;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function complete(outcome: CompleteFile | Failure): CompleteFile {
  assert.ok(!(outcome instanceof Failure), outcome instanceof Failure ? outcome.code : "");
  return outcome;
}

const PICTURE = pngWith(pngChunk("eXIf", exifWithPlace(1)), pngChunk("tEXt", "x".repeat(9000)));

for (const bytes of [1, 7, 600, 100_000]) {
  const pieces = Array.from({ length: Math.ceil(PICTURE.length / bytes) }, (_, at) => {
    return PICTURE.subarray(at * bytes, (at + 1) * bytes);
  });
  test(`what comes in pieces of ${bytes} bytes is whole, and known by its first ones`, async () => {
    const file = complete(await take('accept = ["image/*"]', pieces));
    assert.equal(file.type, "image/png");
    assert.equal(file.bytes, PICTURE.length);
    assert.deepEqual(file.sha256, sha256(PICTURE));
    assert.equal(file.receivedSha256, null);
    assert.ok(file.isAsReceived);
  });

  test(`metadata in pieces of ${bytes} bytes is taken out, and both digests are told`, async () => {
    const file = complete(await take('strip = "location"', pieces));
    assert.ok(PICTURE.includes(PLACE));
    assert.notDeepEqual(file.sha256, file.receivedSha256);
    assert.deepEqual(file.receivedSha256, sha256(PICTURE));
    assert.ok(!file.isAsReceived);
  });
}

test("what is not made is not told, and what may have changed is no more what came", async () => {
  const plain = complete(await take("digest = false", [PICTURE]));
  assert.deepEqual([plain.sha256, plain.receivedSha256], [null, null]);
  assert.ok(plain.isAsReceived);
  const strip = 'digest = false\nstrip = "all"';
  const stripped = complete(await take(strip, [PICTURE]));
  assert.deepEqual([stripped.sha256, stripped.receivedSha256], [null, null]);
  assert.ok(!stripped.isAsReceived);
});

test("an empty file is a file", async () => {
  const file = complete(await take("", []));
  assert.equal(file.bytes, 0);
  assert.deepEqual(file.sha256, sha256(Buffer.alloc(0)));
});

const HTML = Buffer.from("<!doctype html><script>");
const REFUSED: readonly [
  what: string,
  toml: string,
  pieces: readonly Buffer[],
  facts: Partial<FileFacts>,
  code: string,
][] = [
  ["announced as larger", 'fileBytes = "5 B"', [], { bytes: 6 }, "fileTooLarge"],
  ["larger", 'fileBytes = "5 B"', [Buffer.alloc(6)], {}, "fileTooLarge"],
  ["larger in the end", 'fileBytes = "5 B"', [Buffer.alloc(5), Buffer.of(1)], {}, "fileTooLarge"],
  ["announced beyond the quota", 'quota = "9 B"', [], { bytes: 10 }, "quotaExceeded"],
  ["beyond the quota", 'quota = "9 B"', [Buffer.alloc(10)], {}, "quotaExceeded"],
  ["beyond the disk", 'freeBytes = "8000 TiB"', [], {}, "storageFull"],
  ["HTML in a picture", 'accept = ["image/*"]', [HTML], { name: "a.png" }, "typeNotAccepted"],
  ["HTML", 'accept = ["image/*"]', [], { declared: "text/html" }, "typeNotAccepted"],
  ["nothing", 'accept = ["image/*"]', [], {}, "typeNotAccepted"],
  ["a page's name", 'accept = ["image/*"]', [PICTURE], { name: "a.htm" }, "typeNotAccepted"],
];
for (const [what, toml, pieces, facts, code] of REFUSED) {
  test(`${what} is ${code}, and leaves nothing`, async () => {
    const outcome = await take(toml, pieces, facts, (_, left) => assert.deepEqual(left, []));
    assert.ok(outcome instanceof Failure);
    assert.equal(outcome.code, code);
  });
}

test("a complete file has no name yet that anybody is served", async () => {
  await take("", [HTML], {}, (_, left) => assert.match(left.join(), /^\.portico-[^,]*$/));
});
