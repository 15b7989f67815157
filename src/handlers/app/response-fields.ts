// The header lists of responses: what an app wrote, checked as `Headers` checks it, and kept as the
// lines that go out. `Headers` itself is made only where an app asks for it.
import type { FieldList } from "../../base/failure.ts";
import { NativeHeaders, type HeadersInput } from "./native-web.ts";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// oxlint-disable-next-line no-control-regex -- these are what a value may not hold
const NO_VALUE = /[\0\r\n\u0100-\uffff]/;
const OUTER_BLANKS = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/** One list each for what is said most, so that a head that was made of it is known by it. */
const LISTS: ReadonlyMap<string, FieldList> = new Map(
  [
    "text/plain;charset=UTF-8",
    "application/json",
    "application/x-www-form-urlencoded;charset=UTF-8",
  ].map((type) => [type, [["Content-Type", type]]]),
);
const NONE: FieldList = [];

/** The list of a response that says nothing but its content's type; "": not even that. */
export function typeOnly(type: string): FieldList {
  if (type === "") return NONE;
  return LISTS.get(type) ?? [["Content-Type", type]];
}

/**
 * The list of `given`, with `type` where nothing says what the content is; or `Headers`, where that
 * is what was given. Throws a TypeError where the standard does.
 */
export function fieldsOf(given: HeadersInput, type: string): FieldList | Headers {
  if (given === undefined) return typeOnly(type);
  if (typeof given !== "object" || given === null || Symbol.iterator in given) {
    const headers = new NativeHeaders(given);
    if (type !== "" && !headers.has("content-type")) headers.set("Content-Type", type);
    return headers;
  }
  const list: [name: string, value: string][] = [];
  let typed = type === "";
  for (const name of Object.keys(given)) {
    const value = given[name] as unknown;
    if (!typed && name.length === 12 && name.toLowerCase() === "content-type") typed = true;
    list.push([checkedName(name), checkedValue(name, value)]);
  }
  if (!typed) list.push(["Content-Type", type]);
  return known(list);
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new TypeError(`${JSON.stringify(name)} is no name of a header`);
}

function checkedValue(name: string, value: unknown): string {
  const text = String(value).replace(OUTER_BLANKS, "");
  if (!NO_VALUE.test(text)) return text;
  throw new TypeError(`${JSON.stringify(text)} is no value of the header ${name}`);
}

// Most answers of an app say what the one before said. One list for them: what was made of it, a
// head, is known by the list.
let last: FieldList = NONE;

function known(list: FieldList): FieldList {
  if (!isSame(list, last)) last = list;
  return last;
}

function isSame(one: FieldList, other: FieldList): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) {
    const [name, value] = one[at]!;
    if (name !== other[at]![0] || value !== other[at]![1]) return false;
  }
  return true;
}

/** `list` as Node's own. */
export function headersOf(list: FieldList): Headers {
  const headers = new NativeHeaders();
  for (const [name, value] of list) headers.append(name, value);
  return headers;
}
