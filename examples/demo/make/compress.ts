// Packs copies of the demo's text beforehand: `node make/compress.ts`. Beside `style.css` then lie
// `style.css.zst`, `style.css.br` and `style.css.gz`; run it again whenever one of them changed.

import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";

const FILES = ["style.css", "porticoes.txt"];
const ZSTD_LEVEL = 19;

const folder = new URL("../public/", import.meta.url);
for (const name of FILES) {
  const text = readFileSync(new URL(name, folder));
  const level = { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL };
  writeFileSync(new URL(`${name}.zst`, folder), zstdCompressSync(text, { params: level }));
  writeFileSync(new URL(`${name}.br`, folder), brotliCompressSync(text));
  writeFileSync(new URL(`${name}.gz`, folder), gzipSync(text, { level: 9 }));
}
