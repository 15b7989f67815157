// Modules of the operator's, loaded with all that they import, and loaded anew once any file of
// that has changed, without another thread. Each time is a generation: its modules have URLs of its
// own (marks.ts), by hooks of Node's loader (module-hooks.ts). What is to come is prepared beside
// what is there, and replaces it at once or not at all.
//
// Graphs that share a file of the operator's are loaded anew together, so that there is one of it.
// Packages, all that lies below a `node_modules`, are kept until one of their files changes.
//
// A module is never given back as long as the thread lives: `generations` says how many there were.
import { pathToFileURL } from "node:url";
import { forget, remember } from "./common-modules.ts";
import type { LoadedModule } from "./dispose.ts";
import { realFile, within } from "./import-terms.ts";
import { keptFiles } from "./kept-files.ts";
import { isPackaged, type LoadedFile, type Source, type Sources } from "./loaded-file.ts";
import { fileOf, generationOf, marked } from "./marks.ts";
import { failedBy } from "./module-failed.ts";
import { ModuleHooks, type HookRules } from "./module-hooks.ts";
import { stampOf } from "./stamp.ts";
import { whatIsStale } from "./stale.ts";

/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** A module of the config's, with all that it imports. */
interface Graph extends LoadedModule {
  readonly url: string;
}

/** What is prepared, until it replaces what is there. */
interface Pending {
  readonly generation: number;
  readonly graphs: Map<string, Graph>;
  /** As they are, those that have not changed. */
  readonly fresh: ReadonlyMap<string, Graph>;
  /** The generation that packages have, from now on. */
  readonly packages: number;
  readonly sources: Sources;
  readonly forgotten: ReturnType<typeof forget>;
}

export interface LoadTerms {
  /** How long the top level of a graph may take. */
  readonly deadlineMs: number;
  /** As another thread loaded them: these files are taken as they were then. */
  readonly sources?: Sources;
  /** What is there and has not changed stays, though nobody asks for it. */
  readonly keepsOthers?: boolean;
  /** Told of each file before it is loaded. */
  onLoad?(file: string): void;
}

// The generation a mark names is one in the thread, whoever loaded it.
let lastGeneration = 0;

export class ModuleGraphs {
  readonly #hooks: ModuleHooks;
  readonly #isOwn: (file: string) => boolean;
  /** The generations of these graphs, with the files that each has from an earlier one. */
  readonly #kept = new Map<number, ReadonlyMap<string, number>>();
  #graphs: ReadonlyMap<string, Graph> = new Map();
  #packages: number | null = null;
  #latest = 0;
  #pending: Pending | null = null;
  #generations = 0;
  #counted = 0; // the last generation that counts among them

  constructor({ doors, home }: Pick<HookRules, "doors" | "home">) {
    this.#isOwn = (file) => pathToFileURL(file).href.startsWith(home);
    this.#hooks = new ModuleHooks({
      doors,
      home,
      isMine: (generation) => this.#kept.has(generation),
      generationFor: (file, importer) => this.#generationFor(file, importer),
      sourceFor: (file, generation) => this.#sourceFor(file, generation),
    });
  }

  /** How often something was loaded, for better or worse. */
  get generations(): number {
    return this.#generations;
  }

  /** All files of what is prepared, or else there, and what each was when it was looked at. */
  stamps(): Map<string, string> {
    const stamps = new Map<string, string>();
    for (const { file, stamp } of this.#reached()) stamps.set(file, stamp);
    return stamps;
  }

  /**
   * Loads those of `files` (absolute paths) that are new or have changed, beside what is there.
   * `commit` or `discard` follows; in between more may be prepared. Rejects with a ModuleFailed.
   */
  async prepare(files: readonly string[], terms: LoadTerms): Promise<void> {
    if (files.length === 0 && this.#graphs.size === 0) return;
    this.#hooks.install();
    const pending = (this.#pending ??= this.#begin(terms.sources ?? new Map()));
    if (terms.keepsOthers === true) {
      for (const [file, graph] of pending.fresh) pending.graphs.set(file, graph);
    }
    for (const file of files) {
      if (pending.graphs.has(file)) continue;
      // One by one: Node lets a rejection go unhandled where two import what throws.
      // oxlint-disable-next-line no-await-in-loop
      const graph = pending.fresh.get(file) ?? (await this.#import(file, pending, terms));
      pending.graphs.set(file, graph);
    }
  }

  /** As `prepare`, of one, which is then used alone. */
  async load(file: string, terms: LoadTerms): Promise<ModuleExports> {
    await this.prepare([file], terms);
    return this.exports(file);
  }

  /** Of a module that was prepared, or is there. */
  exports(file: string): ModuleExports {
    const graph = this.#pending?.graphs.get(file) ?? this.#graphs.get(file);
    if (graph === undefined) throw new Error(`${file} was not loaded`);
    return graph.exports;
  }

  /** What was prepared is there from now on. Returns what it replaced. */
  commit(): LoadedModule[] {
    const pending = this.#pending;
    if (pending === null) return [];
    const before = this.#graphs;
    this.#graphs = pending.graphs;
    this.#packages = pending.packages;
    if (pending.generation === this.#counted) this.#latest = pending.generation;
    else this.#kept.delete(pending.generation); // nothing is of it
    this.#pending = null;
    this.#dropUnused();
    return [...before.values()].filter((graph) => pending.graphs.get(graph.file) !== graph);
  }

  /** What was prepared is forgotten. */
  discard(): void {
    if (this.#pending === null) return;
    const { generation, forgotten } = this.#pending;
    const gone = [...this.#hooks.files].filter(([url]) => generationOf(url) === generation);
    forget(gone.map(([, { file }]) => file));
    this.#hooks.drop((url) => generationOf(url) === generation);
    remember(forgotten);
    this.#pending = null;
  }

  /** The operator's own files, as they were loaded: for another thread to load the same. */
  sources(): Sources {
    const sources = new Map<string, Source>();
    for (const { file, source } of this.#reached()) if (source !== null) sources.set(file, source);
    return sources;
  }

  /** Nothing is loaded any more. Returns what was there. */
  close(): LoadedModule[] {
    this.discard();
    this.#hooks.remove();
    const before = [...this.#graphs.values()];
    this.#graphs = new Map();
    return before;
  }

  #begin(sources: Sources): Pending {
    const { files } = this.#hooks;
    const changed = (url: string): boolean => {
      const { file, stamp } = files.get(url)!;
      return (sources.get(file)?.stamp ?? stampOf(file)) !== stamp;
    };
    const graphs = Array.from(this.#graphs.values(), (graph) => {
      return { graph, urls: this.#hooks.reach(graph.url) };
    });
    const { stale, packages } = whatIsStale(graphs, files, changed);
    const fresh = graphs.filter(({ graph }) => !stale.has(graph));
    lastGeneration += 1;
    const generation = lastGeneration;
    this.#kept.set(generation, keptFiles(fresh.map(({ urls }) => urls)));
    const known = new Set(fresh.flatMap(({ urls }) => Array.from(urls, fileOf)));
    const leaving = [...files.values()].filter(
      ({ file }) => !known.has(file) && (packages || !isPackaged(file)),
    );
    return {
      generation,
      graphs: new Map(),
      fresh: new Map(fresh.map(({ graph }) => [graph.file, graph])),
      packages: packages ? generation : (this.#packages ?? generation),
      sources,
      forgotten: forget(leaving.map(({ file }) => file)),
    };
  }

  async #import(file: string, pending: Pending, terms: LoadTerms): Promise<Graph> {
    terms.onLoad?.(file);
    if (pending.generation !== this.#counted) this.#generations += 1;
    this.#counted = pending.generation;
    const url = marked(pathToFileURL(realFile(file, pending.sources)).href, pending.generation);
    const loading = import(url) as Promise<ModuleExports>;
    try {
      return { file, url, exports: await within(loading, terms.deadlineMs, file) };
    } catch (error) {
      const { lastRead } = this.#hooks;
      const deadEnd = this.#hooks.deadEndOf(error);
      throw failedBy(error, { entry: file, deadEnd, lastRead, isOurs: this.#isOwn });
    }
  }

  #reached(): LoadedFile[] {
    const { files } = this.#hooks;
    const reached = new Set<string>();
    for (const { url } of (this.#pending?.graphs ?? this.#graphs).values()) {
      for (const at of this.#hooks.reach(url)) reached.add(at);
    }
    return Array.from(reached, (url) => files.get(url)).filter((file) => file !== undefined);
  }

  #generationFor(file: string, importer: string): number {
    const { packages, generation: latest } = this.#pending ?? {
      packages: this.#packages ?? this.#latest,
      generation: this.#latest,
    };
    if (isPackaged(file)) return packages;
    // A package does not know for whom it imports a file that is none of its own.
    const generation = isPackaged(fileOf(importer)) ? latest : generationOf(importer)!;
    return this.#kept.get(generation)?.get(file) ?? generation;
  }

  #sourceFor(file: string, generation: number): Source | undefined {
    return generation === this.#pending?.generation ? this.#pending.sources.get(file) : undefined;
  }

  /** Packages are remembered: they would not be loaded anew if they came back. */
  #dropUnused(): void {
    const used = new Set<string>();
    for (const { url } of this.#graphs.values()) {
      for (const at of this.#hooks.reach(url)) used.add(at);
    }
    const files = new Set(Array.from(used, fileOf));
    const unused = Array.from(this.#hooks.files.values(), ({ file }) => file);
    forget(unused.filter((file) => !files.has(file) && !isPackaged(file)));
    this.#hooks.drop((url) =>
      isPackaged(fileOf(url)) ? generationOf(url) !== this.#packages : !used.has(url),
    );
  }
}
