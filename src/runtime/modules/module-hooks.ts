// What happens when a module of a graph imports another: it gets the mark of a generation, so that
// Node takes it for another module than that of an earlier one, and what it was is noted.
//
// CommonJS has no marks: `require` names its parent and keeps modules by their files. So of each
// file that is one, or that one requires, the URL is kept by which it is known here.
import {
  registerHooks,
  type LoadFnOutput,
  type LoadHookSync,
  type ResolveFnOutput,
  type ResolveHookSync,
} from "node:module";
import { isPackaged, sourceOf, type LoadedFile, type Source } from "./loaded-file.ts";
import { fileOf, generationOf, marked } from "./marks.ts";
import type { DeadEnd } from "./module-failed.ts";
import { stampOf } from "./stamp.ts";

export interface HookRules {
  /** Where specifiers lead that mean the running program: URLs of its own modules. */
  readonly doors: Readonly<Record<string, string>>;
  /** Below it lies the program itself, a URL: what does is as the program has it. */
  readonly home: string;
  isMine(generation: number): boolean;
  /** The generation of which `file` is to be for the module at `importer`. */
  generationFor(file: string, importer: string): number;
  /** What `file` of `generation` is to be taken for, in place of what lies on disk. */
  sourceFor(file: string, generation: number): Source | undefined;
}

export class ModuleHooks {
  /** By marked URLs. */
  readonly files = new Map<string, LoadedFile>();
  lastRead: string | null = null;
  readonly #rules: HookRules;
  readonly #required = new Map<string, string>();
  readonly #deadEnds = new WeakMap<object, DeadEnd>();
  #hooks: { deregister(): void } | null = null;

  constructor(rules: HookRules) {
    this.#rules = rules;
  }

  /** Hooks cost each import of the thread a little: not before there is something to load. */
  install(): void {
    this.#hooks ??= registerHooks({
      resolve: (specifier, context, next) => this.#resolve(specifier, context, next),
      load: (url, context, next) => this.#load(url, context, next),
    });
  }

  remove(): void {
    this.#hooks?.deregister();
    this.#hooks = null;
  }

  deadEndOf(error: unknown): DeadEnd | null {
    return typeof error === "object" && error !== null ? (this.#deadEnds.get(error) ?? null) : null;
  }

  /** All that `url` imports, and what that does, with itself. */
  reach(url: string): Set<string> {
    const reached = new Set([url]);
    for (const at of reached) {
      for (const next of this.files.get(at)?.imports ?? []) reached.add(next);
    }
    return reached;
  }

  /** Nothing is noted any more of what `goes`. */
  drop(goes: (url: string) => boolean): void {
    for (const url of this.files.keys()) if (goes(url)) this.files.delete(url);
    const lost = new Set<string>();
    for (const [file, url] of this.#required) if (goes(url)) lost.add(file);
    for (const file of lost) this.#required.delete(file);
    for (const [url, { file }] of this.files) if (lost.has(file)) this.#required.set(file, url);
  }

  /** By which URL a file is known here; null: it is none of these graphs. */
  #known(url: string | undefined): string | null {
    if (url === undefined) return null;
    const generation = generationOf(url);
    if (generation !== null) return this.#rules.isMine(generation) ? url : null;
    return url.startsWith("file:") ? (this.#required.get(fileOf(url)) ?? null) : null;
  }

  #resolve(
    specifier: string,
    context: Parameters<ResolveHookSync>[1],
    next: Parameters<ResolveHookSync>[2],
  ): ResolveFnOutput {
    const importer = this.#known(context.parentURL);
    // As `ModuleGraphs` begins a graph.
    if (importer === null && this.#known(specifier) !== null && generationOf(specifier) !== null) {
      return { url: specifier, shortCircuit: true };
    }
    if (importer === null) return next(specifier, context);
    const door = this.#rules.doors[specifier];
    if (door !== undefined) return { url: door, shortCircuit: true };
    const found = this.#find(specifier, importer, () => next(specifier, context));
    if (!found.url.startsWith("file:") || found.url.startsWith(this.#rules.home)) return found;
    const file = fileOf(found.url);
    const url = marked(found.url, this.#rules.generationFor(file, importer));
    this.files.get(importer)?.imports.add(url);
    if (generationOf(context.parentURL!) === null) this.#required.set(file, url);
    return { ...found, url };
  }

  #find(specifier: string, importer: string, next: () => ResolveFnOutput): ResolveFnOutput {
    try {
      return next();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
      // What is to be loaded as it was may be gone from the disk.
      if (/^\.{0,2}\//.test(specifier)) {
        const { href } = new URL(specifier, importer);
        const given = this.#rules.sourceFor(fileOf(href), generationOf(importer)!);
        if (given !== undefined) return { url: href, format: given.format, shortCircuit: true };
      }
      this.#deadEnds.set(error as Error, { importer: fileOf(importer), specifier });
      throw error;
    }
  }

  #load(
    asked: string,
    context: Parameters<LoadHookSync>[1],
    next: Parameters<LoadHookSync>[2],
  ): LoadFnOutput {
    const url = this.#known(asked);
    if (url === null) return next(asked, context);
    const file = fileOf(url);
    const given = this.#rules.sourceFor(file, generationOf(url)!);
    // Before it is read: a change in between is a change.
    const stamp = given?.stamp ?? stampOf(file);
    this.lastRead = file;
    const imports = this.files.get(url)?.imports ?? new Set<string>();
    this.files.set(url, { file, stamp, source: null, imports });
    const loaded: LoadFnOutput =
      given === undefined
        ? next(asked, context)
        : { format: given.format, source: given.text, shortCircuit: true };
    if (loaded.format?.startsWith("commonjs") === true) this.#required.set(file, url);
    const source = isPackaged(file) ? null : sourceOf(stamp, loaded.format, loaded.source);
    this.files.set(url, { file, stamp, source, imports });
    return loaded;
  }
}
