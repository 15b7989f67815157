// `git clone`, `push` and `fetch` against git's own CGI program.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { noGit, withGit, type GitSite } from "./git-site.ts";

const SMALL_BUFFER = ["-c", "http.postBuffer=65536"];

/** A work tree `name` with a commit of `bytes` random bytes, which no packing makes less. */
async function commit(git: GitSite, name: string, bytes: number): Promise<string> {
  await writeFile(git.site.path(name, `${bytes}.bin`), randomBytes(bytes));
  await git.must(name, "add", ".");
  await git.must(name, "commit", "--quiet", "--message", `${bytes} bytes`);
  return git.must(name, "rev-parse", "HEAD");
}

async function newTree(git: GitSite, name: string): Promise<void> {
  await git.must(".", "init", "--quiet", "--initial-branch", "main", name);
  await git.must(name, "remote", "add", "origin", git.url("open.git"));
}

test("pushes in chunks, clones and fetches", { skip: noGit }, () =>
  withGit(null, async (git) => {
    await newTree(git, "ours");
    const first = await commit(git, "ours", 5_000_000);
    const push = await git.run("ours", ...SMALL_BUFFER, "push", "origin", "main");
    assert.equal(push.status, 0, push.told);
    assert.match(push.told, /=> Send header: Transfer-Encoding: chunked/);

    await git.must(".", "clone", "--quiet", git.url("open.git"), "theirs");
    assert.equal(await git.must("theirs", "rev-parse", "HEAD"), first);
    await git.must("theirs", "fsck", "--strict");

    // Each is asked for by its name: together they are more than the 1 KiB from which git packs.
    await git.import("ours", Array.from({ length: 40 }, (_, index) => branch(index)).join(""));
    const second = await commit(git, "ours", 1000);
    await git.must("ours", "push", "--quiet", "origin", "--all");
    const fetched = await git.run("theirs", "fetch", "origin");
    assert.equal(fetched.status, 0, fetched.told);
    assert.match(fetched.told, /=> Send header: Content-Encoding: gzip/);
    assert.equal(await git.must("theirs", "rev-parse", "origin/main"), second);
    await git.must("theirs", "rev-parse", "origin/branch-39");

    await git.must(".", "clone", "--quiet", "--depth", "1", git.url("open.git"), "shallow");
    assert.equal(await git.must("shallow", "rev-list", "--count", "HEAD"), "1");
    await git.must("shallow", "fetch", "--quiet", "--unshallow");
    assert.equal(await git.must("shallow", "rev-list", "--count", "HEAD"), "2");

    const head = await git.site.fetch("git/open.git/HEAD");
    assert.deepEqual([head.status, await head.text()], [200, "ref: refs/heads/main\n"]);
  }),
);

/** A branch with a commit of its own, in the words of `git fast-import`. */
function branch(index: number): string {
  const name = `branch-${index}`;
  const who = "committer Ann <ann@example.org> 1767323045 +0000";
  const lines = [`commit refs/heads/${name}`, who, `data ${name.length}`, name];
  return `${lines.join("\n")}\nfrom refs/heads/main\n\n`;
}

test("what is not allowed, and what is not there", { skip: noGit }, () =>
  withGit(/\/git/, async (git) => {
    await newTree(git, "ours");
    await commit(git, "ours", 1000);
    const refused = await git.run("ours", "push", git.url("read.git"), "main");
    assert.notEqual(refused.status, 0);
    assert.match(refused.told, /The requested URL returned error: 403/);
    assert.equal((await git.must("repositories/read.git", "for-each-ref")).trim(), "");

    for (const name of ["none.git", "../ours", "open.git/../../ours/.git"]) {
      const missing = await git.run(".", "ls-remote", git.url(name));
      assert.notEqual(missing.status, 0, name);
      assert.match(missing.told, /not found|returned error: 4\d\d/, name);
    }
    const escaped = await git.site.raw("GET", "/git/%2e%2e/ours/.git/info/refs");
    assert.ok(escaped.status >= 400 && escaped.status < 500, `${escaped.status}`);
    assert.equal((await git.site.fetch("git/open.git/config")).status, 404);
    const unknown = await git.site.fetch("git/open.git/info/refs?service=git-evil-pack");
    assert.equal(unknown.status, 403);
    const method = await git.site.fetch("git/open.git/HEAD", { method: "POST", body: "" });
    assert.equal(method.status, 405);
  }),
);
