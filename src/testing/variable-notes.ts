// Meta-variables as a test sees them: text by name.
import assert from "node:assert/strict";
import {
  MetaVariables,
  type MetaVariableRules,
  type SessionFacts,
  type VariableBytes,
} from "../http/gateway/index.ts";
import type { Fields } from "../protocol/index.ts";
import { exchangeOf, type AskedFor } from "./exchange.ts";

/** Keeps what is written; a name that is written twice is a mistake. */
export class VariableNotes implements VariableBytes {
  readonly variables: Record<string, string> = {};

  text(name: string, value: string): void {
    this.#set(name, value);
  }

  latin1(name: string, value: string): void {
    this.#set(name, Buffer.from(value, "latin1").toString());
  }

  ready(bytes: Uint8Array): void {
    const pairs = JSON.parse(Buffer.from(bytes).toString()) as Record<string, string>;
    for (const [name, value] of Object.entries(pairs)) this.#set(name, value);
  }

  take(): Uint8Array {
    return Buffer.from(JSON.stringify(this.variables));
  }

  #set(name: string, value: string): void {
    assert.ok(!(name in this.variables), `${name} is written twice`);
    this.variables[name] = value;
  }
}

/** A script's place. */
export const SCRIPT_PLACE = {
  scriptName: "/cgi-bin/a.py",
  pathInfo: "",
  scriptFile: "/srv/cgi-bin/a.py",
};
export const VARIABLE_RULES: MetaVariableRules = {
  env: {},
  documentRoot: "/srv/www",
  passAuthorization: false,
};

/** What is told of such a request. */
export function variablesOf(
  asked: AskedFor,
  rules: Partial<MetaVariableRules> = {},
  place = SCRIPT_PLACE,
  contentBytes: number | null = null,
  session: SessionFacts | null = null,
): Record<string, string> {
  const written = new VariableNotes();
  const variables = new MetaVariables({ ...VARIABLE_RULES, ...rules }, () => new VariableNotes());
  variables.write(exchangeOf(asked), place, { contentBytes, session }, written);
  return written.variables;
}

/** What such field lines become. */
export function fieldVariables(
  lines: readonly (readonly [string, string])[],
  rules: Partial<MetaVariableRules> = {},
): Record<string, string> {
  const written = new VariableNotes();
  const exchange = exchangeOf({});
  Object.assign(exchange, { request: { ...exchange.request, fields: linesOf(lines) } });
  new MetaVariables({ ...VARIABLE_RULES, ...rules }, () => new VariableNotes()).write(
    exchange,
    SCRIPT_PLACE,
    { contentBytes: null, session: null },
    written,
  );
  return Object.fromEntries(
    Object.entries(written.variables).filter(([name]) => name.startsWith("HTTP_")),
  );
}

/** Field lines as they came, names in any case, any of them more than once. */
export function linesOf(lines: readonly (readonly [string, string])[]): Fields {
  const all = (name: string): string[] =>
    lines.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  return {
    get: (name) => (all(name).length === 0 ? null : all(name).join(", ")),
    has: (name) => all(name).length > 0,
    all,
    entries: () => lines.map(([name, value]): [string, string] => [name, value])[Symbol.iterator](),
  };
}
