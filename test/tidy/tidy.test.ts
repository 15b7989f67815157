import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { CHECKOUT, filesIn, textOf } from "../checkout.ts";
import { deadLinks, machinePaths, registryComplaints, unlistedDecisions } from "./mentions.ts";
import { declarationComplaints, pathComplaint, spellingComplaint } from "./names.ts";
import { partComplaints, partsAmong, testComplaint } from "./places.ts";
import { lengthComplaint, type Ratchet, staleRatchet, wideLines } from "./sizes.ts";

const code = filesIn("{src,test,tools,bench,examples}/**/*.{ts,mjs}", "bin/*", ".ci/*");
const pages = filesIn("*.md", "{src,test,docs,bench,examples}/**/*.md");
const configs = filesIn("*.json", ".*.json", ".npmrc", "examples/**/*.toml", "docs/**/*.json");
const all = new Set([...code, ...pages]);
const ratchet = JSON.parse(textOf("test/tidy/ratchet.json")) as Ratchet;

/** Wants no complaint about any of `files`. */
function check(files: Iterable<string>, complaintsOf: (file: string) => string | string[] | null) {
  const complaints = [...files].flatMap((file) => complaintsOf(file) ?? []);
  assert.ok(complaints.length === 0, complaints.join("\n"));
}

// This page's own bad examples are no complaint about it.
const withoutExamples = code.filter((file) => !file.startsWith("test/tidy/"));

test("files keep their measure, or shrink towards it", () => {
  check(code, (file) => lengthComplaint(file, textOf(file), ratchet));
  assert.deepEqual(staleRatchet(ratchet, code), [], "take them out of test/tidy/ratchet.json");
});

test("lines of code fit into the columns", () => {
  check(code, (file) => wideLines(file, textOf(file)));
});

test("names of files say something", () => {
  check(all, pathComplaint);
  check(
    code.filter((file) => file.startsWith("src/")),
    spellingComplaint,
  );
});

test("names of things say something", () => {
  check(withoutExamples, (file) => declarationComplaints(file, textOf(file)));
});

test("a test stands beside its file, or below test/", () => {
  check(code, (file) => testComplaint(file, textOf(file), all));
});

test("every part and room has a README and a door", () => {
  check(partsAmong(all), (part) => partComplaints(part, all));
});

test("no text knows one machine's folders", () => {
  check([...withoutExamples, ...pages, ...configs], (file) => machinePaths(file, textOf(file)));
});

test("links between pages lead somewhere", () => {
  check(pages, (file) => deadLinks(file, textOf(file), pageOrNull));
});

test("the list of decisions has every decision", () => {
  const decisions = filesIn("docs/decisions/[0-9]*.md");
  const named = new Map(decisions.map((file) => [path.basename(file), textOf(file)]));
  assert.deepEqual(unlistedDecisions(textOf("docs/decisions/README.md"), named), []);
});

test("the lockfile names no registry", () => {
  assert.deepEqual(registryComplaints(textOf("package-lock.json")), []);
  assert.match(textOf(".npmrc"), /^omit-lockfile-registry-resolved=true$/mu);
});

function pageOrNull(file: string): string | null {
  const full = path.join(CHECKOUT, file);
  if (!existsSync(full)) return null;
  return statSync(full).isDirectory() ? "" : readFileSync(full, "utf8");
}
