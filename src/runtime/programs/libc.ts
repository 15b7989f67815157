// The calls of the C library that start a program and end it, through koffi: an optional package.
// Without it, on a system that is not Linux, or with a C library that lacks one of them (musl has
// no addclosefrom_np), `libc()` is null, and programs are started by the plain way.
//
// A call costs 0.2 µs. Loading costs some milliseconds: when first needed, once a thread.
import { createRequire } from "node:module";
import type * as Koffi from "koffi";

/** Tests close it to run the same cases by the plain way. */
export const programWays = { native: true };

/** What returns a number returns -1 where it failed, and `errno()` tells why. */
export interface Libc {
  pipe2(ends: Int32Array, flags: number): number;
  /** `fd`'s first byte to be read next; -1 where it has no such thing. */
  rewind(fd: number): number;
  /** What `read` read, until the next. */
  readonly piece: Uint8Array;
  /** Reads what fits `piece`. */
  read(fd: number): number;
  /** A file in memory with these bytes, to be read from their beginning. */
  memoryFile(bytes: Uint8Array): number;
  close(fd: number): number;
  stopBlocking(fd: number): number;
  /** The address of `bytes`, which has to be kept, and to be outside of V8's heap. */
  address(bytes: NodeJS.TypedArray): bigint;
  /**
   * Starts a program in a session of its own, with three descriptors, no others, and no signal
   * blocked or ignored. Strings and lists are addresses. Writes its pid to `pid[0]` before it
   * returns; returns what is wrong, or 0.
   */
  spawn(pid: Int32Array, start: SpawnStart): number;
  /** waitpid(2) without waiting: `status[0]` is how it ended. 0: it runs; -1: not ours. */
  reap(pid: number, status: Int32Array): number;
  kill(pid: number, signal: number): number;
  errno(): number;
}

export interface SpawnStart {
  readonly file: bigint;
  readonly cwd: bigint;
  readonly argv: bigint;
  readonly envp: bigint;
  /** 0: there is nothing to read. */
  readonly input: number;
  readonly output: number;
  readonly complaints: number;
}

/** Numbers of Linux and glibc, the same on every architecture that Node runs on. */
export const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const F_SETFL = 4;
const WNOHANG = 1;
const MFD_CLOEXEC = 1;
const SPAWN_FLAGS = 0x80 | 0x08 | 0x04; // SETSID, SETSIGMASK, SETSIGDEF
/** More than any C library's posix_spawnattr_t, file actions or sigset_t have. */
const STRUCT_BYTES = 1024;
const PIECE_BYTES = 64 * 1024;

let loaded: Libc | null | undefined;

export function libc(): Libc | null {
  if (!programWays.native) return null;
  if (loaded === undefined) loaded = load();
  return loaded;
}

function load(): Libc | null {
  if (process.platform !== "linux") return null;
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof Koffi;
    const library = koffi.load(null);
    const read = library.func("long read(int, void *, size_t)");
    const memfd = library.func("int memfd_create(str, unsigned int)");
    const pwrite = library.func("long pwrite64(int, void *, size_t, long)");
    const close = library.func("int close(int)");
    const lseek = library.func("long lseek64(int, long, int)");
    const fcntl = library.func("int fcntl(int, int, int)");
    const waitpid = library.func("int waitpid(int, void *, int)");
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    return {
      pipe2: library.func("int pipe2(void *, int)"),
      rewind: (fd) => lseek(fd, 0, 0) as number,
      piece,
      read: (fd) => read(fd, piece, PIECE_BYTES) as number,
      memoryFile(bytes): number {
        const fd = memfd("input", MFD_CLOEXEC) as number;
        if (fd < 0 || pwrite(fd, bytes, bytes.length, 0) === bytes.length) return fd;
        close(fd);
        return -1;
      },
      close,
      stopBlocking: (fd) => fcntl(fd, F_SETFL, O_NONBLOCK) as number,
      address: (bytes) => koffi.address(bytes),
      spawn: spawning(library),
      reap: (pid, status) => waitpid(pid, status, WNOHANG) as number,
      kill: library.func("int kill(int, int)"),
      errno: () => koffi.errno(),
    };
  } catch {
    // Not installed, not built for this machine, or a C library without these: all the same here.
    return null;
  }
}

function spawning(library: Koffi.LibraryHandle): Libc["spawn"] {
  const spawn = library.func("int posix_spawn(void *, void *, void *, void *, void *, void *)");
  const attribute = (name: string, last = ""): ReturnType<typeof library.func> =>
    library.func(`int posix_spawnattr_${name}(void *${last})`);
  const action = (name: string, rest = ""): ReturnType<typeof library.func> =>
    library.func(`int posix_spawn_file_actions_${name}(void *${rest})`);
  const initActions = action("init");
  const addOpen = action("addopen", ", int, str, int, unsigned int");
  const addDup2 = action("adddup2", ", int, int");
  const addClosefrom = action("addclosefrom_np", ", int");
  const addChdir = action("addchdir_np", ", void *");
  const destroyActions = action("destroy");

  const attributes = Buffer.alloc(STRUCT_BYTES);
  const signals = Buffer.alloc(STRUCT_BYTES);
  attribute("init")(attributes);
  attribute("setflags", ", short")(attributes, SPAWN_FLAGS);
  attribute("setsigmask", ", void *")(attributes, signals);
  // Not by sigfillset, which leaves out two signals that glibc uses, and has them ignored instead.
  signals.fill(0xff);
  attribute("setsigdefault", ", void *")(attributes, signals);

  const actions = Buffer.alloc(STRUCT_BYTES);
  return (pid, { file, cwd, argv, envp, input, output, complaints }) => {
    initActions(actions);
    let wrong = input === 0 ? addOpen(actions, 0, "/dev/null", 0, 0) : addDup2(actions, input, 0);
    wrong ||= addDup2(actions, output, 1);
    wrong ||= addDup2(actions, complaints, 2);
    wrong ||= addClosefrom(actions, 3);
    wrong ||= addChdir(actions, cwd);
    wrong ||= spawn(pid, file, actions, attributes, argv, envp);
    destroyActions(actions);
    return wrong as number;
  };
}
