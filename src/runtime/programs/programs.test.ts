import assert from "node:assert/strict";
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { unlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  environmentOf,
  forBothWays,
  openDescriptors,
  ProgramBench,
  ProgramNotes,
  withTemporaryFolder,
} from "../../testing/index.ts";
import { StartFailure } from "./run.ts";

forBothWays("what a program writes is told, then its end, each once", async (bench) => {
  const notes = await bench.start(await bench.script("echo hello; echo oh >&2; exit 7"));
  assert.deepEqual(await notes.end(), { status: 7, signal: null });
  assert.equal(notes.output, "hello\n");
  assert.deepEqual(notes.complaints, ["oh"]);
  assert.equal(notes.outputEnds, 1);
  assert.equal(notes.ends.length, 1);
});

forBothWays(
  "arguments are passed as they are, and nothing reads them as a shell would",
  async (bench) => {
    const file = await bench.script(`for a in "$0" "$@"; do printf '[%s]' "$a"; done`);
    const notes = await bench.start(file, { args: ["", "a b", "$(id)", "ü", "-x"] });
    await notes.end();
    const text = Buffer.from(notes.output, "latin1").toString("utf8");
    assert.equal(text, `[${file}][][a b][$(id)][ü][-x]`);
  },
);

forBothWays("it runs in the folder that it is told to", async (bench) => {
  const notes = await bench.start(await bench.script("pwd -P"), { cwd: "/usr/bin" });
  await notes.end();
  assert.equal(notes.output, "/usr/bin\n");
});

forBothWays("its environment is what was given, and nothing of the server's", async (bench) => {
  const environment = environmentOf("A=1", "EMPTY=", "TWO=a=b", "UMLAUT=äß", "LINES=1\n2");
  const notes = await bench.start("/usr/bin/env", { environment, args: ["-0"] });
  await notes.end();
  const got = Buffer.from(notes.output, "latin1").toString("utf8").split("\0").toSorted();
  assert.deepEqual(got, ["", "A=1", "EMPTY=", "LINES=1\n2", "TWO=a=b", "UMLAUT=äß"]);
});

forBothWays(
  "bytes that are no UTF-8 pass unchanged where the C library is called",
  async (bench, way) => {
    const odd = Buffer.from([0x42, 0x3d, 0xff, 0x80, 0xc3]);
    const environment = environmentOf(odd, "C=\u00e4");
    const notes = await bench.start("/usr/bin/env", { environment, args: ["-0"] });
    await notes.end();
    const expected = way === "native" ? odd.toString("latin1") : "B=\u00ef\u00bf\u00bd".repeat(1);
    assert.ok(notes.output.startsWith(expected), notes.output);
    assert.ok(notes.output.endsWith("C=\u00c3\u00a4\0"));
  },
);

forBothWays("many variables and long ones pass", async (bench) => {
  const entries = Array.from({ length: 600 }, (_, at) => `V${at}=${"x".repeat(at)}`);
  const notes = await bench.start("/usr/bin/env", { environment: environmentOf(...entries) });
  await notes.end();
  assert.equal(notes.output, `${entries.join("\n")}\n`);
});

forBothWays(
  "a program leads a group and a session, with no signal blocked or ignored",
  async (bench) => {
    const notes = await bench.start(await bench.script("cat /proc/self/status; cat /proc/$$/stat"));
    await notes.end();
    const { pid } = notes.program;
    for (const line of ["SigBlk", "SigIgn", "SigCgt"]) {
      assert.match(notes.output, new RegExp(`^${line}:\\s0+$`, "mu"));
    }
    const [, , group, session] = notes.output.split(") ").at(-1)!.split(" ").map(Number);
    assert.deepEqual([group, session], [pid, pid]);
  },
);

forBothWays("a program has three descriptors, and none of ours", async (bench, way) => {
  const kept = openSync("/dev/zero", "r");
  const notes = await bench.start("/bin/ls", { args: ["/proc/self/fd"] });
  await notes.end();
  closeSync(kept);
  // 3: of the folder itself. The plain way passes on what this process was started with.
  const expected = ["0", "1", "2", "3", ...(way === "plain" ? passedOn() : [])];
  assert.deepEqual(notes.output.trim().split("\n").toSorted(), expected.toSorted());
});

forBothWays("standard input is nothing, where nothing is given", async (bench) => {
  const notes = await bench.start(await bench.script("wc -c; readlink /proc/self/fd/0"));
  await notes.end();
  assert.equal(notes.output, "0\n/dev/null\n");
});

for (const bytes of [0, 1, 65_536]) {
  forBothWays(`${bytes} bytes are read from standard input, and then its end`, async (bench) => {
    const notes = await bench.start(await bench.script("wc -c"), {
      input: Buffer.alloc(bytes, 97),
    });
    await notes.end();
    assert.equal(notes.output.trim(), String(bytes));
  });
}

forBothWays("a file is read from its beginning, wherever its writer stands", async (bench) => {
  const path = join(bench.folder, "spool");
  const fd = openSync(path, "w+", 0o600);
  writeSync(fd, "x".repeat(300_000));
  unlinkSync(path);
  const notes = await bench.start(await bench.script("wc -c"), { input: fd });
  closeSync(fd);
  await notes.end();
  assert.equal(notes.output.trim(), "300000");
});

forBothWays("a program that never reads its input ends as it likes", async (bench) => {
  const notes = await bench.start(await bench.script("echo done"), { input: Buffer.alloc(65_536) });
  assert.deepEqual(await notes.end(), { status: 0, signal: null });
  assert.equal(notes.output, "done\n");
});

test("native: scripts write to /dev/stderr and /dev/stdout by name", () =>
  withTemporaryFolder(async (folder) => {
    const bench = new ProgramBench(folder);
    const notes = await bench.start(
      await bench.script("echo oh >/dev/stderr && echo hm >/proc/self/fd/1"),
    );
    assert.deepEqual(await notes.end(), { status: 0, signal: null });
    assert.deepEqual([notes.output, ...notes.complaints], ["hm\n", "oh"]);
  }));

const FAILURES = [
  ["a file that is not there", null, "ENOENT"],
  ["a file that may not be executed", { text: "echo no", mode: 0o644 }, "EACCES"],
  ["an interpreter that is not there", { text: "#!/no/such/interpreter\n" }, "ENOENT"],
  ["an interpreter that may not be executed", { text: "#!/etc/passwd\n" }, "EACCES"],
  ["a script without `#!`", { raw: "echo shell\n" }, "ENOEXEC"],
  ["a `#!` that names nobody", { raw: "#! \necho shell\n" }, "ENOEXEC"],
  ["an empty file", { raw: "" }, "ENOEXEC"],
  ["a file that is no program", { raw: "\u007fELG\0\0" }, "ENOEXEC"],
] as const;

for (const [what, given, code] of FAILURES) {
  forBothWays(`${what}: ${code}`, async (bench) => {
    const file = join(bench.folder, "program");
    if (given !== null) {
      writeFileSync(file, "raw" in given ? given.raw : given.text);
      chmodSync(file, "mode" in given ? given.mode : 0o755);
    }
    const notes = new ProgramNotes();
    const before = openDescriptors();
    assert.deepEqual({ ...(await bench.tryStart(file, {}, notes)) }, { code });
    assert.equal(openDescriptors(), before);
    assert.deepEqual([notes.output, notes.complaints, notes.ends], ["", [], []]);
  });
}

forBothWays("an interpreter that is itself a script without `#!` is no shell's", async (bench) => {
  const inner = join(bench.folder, "inner");
  writeFileSync(inner, "echo shell\n", { mode: 0o755 });
  const file = await bench.script(`#!${inner}\n`);
  assert.deepEqual({ ...(await bench.tryStart(file)) }, { code: "ENOEXEC" });
});

const RUNS = [
  ["a folder that is not there", { cwd: "/no/such/folder" }, "ENOENT"],
  ["a folder that is none", { cwd: "/etc/passwd" }, "ENOTDIR"],
  ["an argument with a NUL", { args: ["a\0b"] }, "EINVAL"],
  ["a folder with a NUL", { cwd: "/\0etc" }, "EINVAL"],
  ["an argument that is too long", { args: ["x".repeat(200_000)] }, "E2BIG"],
  ["more arguments than a system takes", { args: many(40, 100_000) }, "E2BIG"],
  ["too long an environment", { environment: environmentOf(...many(40, 100_000)) }, "E2BIG"],
] as const;

for (const [what, run, code] of RUNS) {
  forBothWays(`${what}: ${code}`, async (bench) => {
    const before = openDescriptors();
    assert.deepEqual({ ...(await bench.tryStart("/bin/true", run)) }, { code });
    assert.equal(openDescriptors(), before);
    await (await bench.start("/bin/true")).end(); // the next one is not harmed
  });
}

forBothWays("without descriptors no program is started, and the next one is", async (bench) => {
  const file = await bench.script("cat");
  const open: number[] = [];
  const failed = new Set<string>();
  try {
    for (;;) open.push(openSync("/dev/null", "r"));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "EMFILE");
  }
  try {
    // With ever more of them free, until there are enough.
    for (let free = 0; free < 20; free += 1) {
      const notes = new ProgramNotes();
      // oxlint-disable-next-line no-await-in-loop -- one more each time
      const started = await bench.tryStart(file, { input: Buffer.from("a") }, notes);
      if (started instanceof StartFailure) failed.add(started.code);
      // oxlint-disable-next-line no-await-in-loop -- it has to end before the next
      else assert.deepEqual(await notes.end(), { status: 0, signal: null });
      closeSync(open.pop()!);
    }
  } finally {
    for (const fd of open) closeSync(fd);
  }
  assert.deepEqual([...failed], ["EMFILE"]);
  const notes = await bench.start(file, { input: Buffer.from("a") });
  await notes.end();
  assert.equal(notes.output, "a");
});

function many(count: number, bytes: number): string[] {
  return Array.from({ length: count }, (_, at) => `V${at}=${"x".repeat(bytes)}`);
}

/** Our descriptors that an exec leaves open. */
function passedOn(): string[] {
  return readdirSync("/proc/self/fd").filter((fd) => {
    const facts = `/proc/self/fdinfo/${fd}`;
    if (Number(fd) < 3 || !existsSync(facts)) return false; // the folder's own, closed by now
    const [, flags = ""] = /flags:\s*(\d+)/u.exec(readFileSync(facts, "latin1"))!;
    return (Number.parseInt(flags, 8) & 0o2000000) === 0;
  });
}
