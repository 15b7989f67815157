import { prefers } from "../representation/index.ts";

export type ErrorForm = "html" | "json" | "text";

const FORMS: Readonly<Record<string, ErrorForm>> = {
  "application/problem+json": "json",
  "application/json": "json",
  "text/html": "html",
  "text/plain": "text",
};

const TYPES = Object.keys(FORMS);

/**
 * The form for a client's Accept: what it names, never what it merely puts up with. `*\/*` says
 * nothing: curl and a browser that loads an image send it, and text is the least surprise.
 */
export function formOf(accept: string | null): ErrorForm {
  if (accept === null) return "text";
  const named = accept.split(",").filter((range) => !range.trim().startsWith("*/*"));
  const best = named.join("").trim() === "" ? null : prefers(named.join(","), TYPES);
  return best === null ? "text" : FORMS[best]!;
}
