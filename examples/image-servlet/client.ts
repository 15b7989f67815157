// Sends a picture, asks for it again where the servlet says that it is, and compares the two:
//
//   node client.ts picture.png http://127.0.0.1:8080/pictures/
import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import type { Stored } from "./stored.ts";

const [file, address] = process.argv.slice(2);
if (file === undefined || address === undefined) {
  console.error("usage: node client.ts FILE URL");
  process.exit(2);
}

const form = new FormData();
form.append("picture", await openAsBlob(file), basename(file));
const answer = await fetch(address, { method: "POST", body: form });
if (!answer.ok) {
  console.error((await answer.text()).trimEnd());
  process.exit(1);
}
const stored = (await answer.json()) as Stored;
console.log(`stored as ${stored.name}: ${stored.type}, ${stored.size} bytes`);

const sha256 = createHash("sha256");
for await (const piece of (await fetch(stored.url)).body ?? []) sha256.update(piece);
const isSame = sha256.digest("hex") === stored.sha256;
console.log(`${stored.url} is ${isSame ? "the same" : "another"} picture`);
process.exitCode = isSame ? 0 : 1;
