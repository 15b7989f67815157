// What the client likes: Accept-Encoding and Accept (RFC 9110 §12.5), by quality and then by the
// server's own order. What can't be read in such a list is passed over.

interface Wish {
  /** In lower case, without parameters. */
  readonly name: string;
  /** Had parameters: it is about a narrower kind of `name`. */
  readonly narrow: boolean;
  /** 0 to 1; 0 means "not this". */
  readonly quality: number;
}

/** The best of `codings` (the server's order) by Accept-Encoding; null: send it as it is. */
export function chooseEncoding(
  fields: { get(name: string): string | null },
  codings: readonly string[],
): string | null {
  const value = fields.get("accept-encoding");
  if (value === null) return null;
  const wishes = wishesOf(value);
  const qualityOf = (coding: string): number | undefined =>
    (
      wishes.find(({ name }) => name === coding || name === `x-${coding}`) ??
      wishes.find(({ name }) => name === "*")
    )?.quality;
  // Identity is fine unless it is refused, and loses to a coding that is liked as much.
  const identity = wishes.find(({ name }) => name === "identity")?.quality ?? 0;
  let best: { coding: string; quality: number } | null = null;
  for (const coding of codings) {
    const quality = qualityOf(coding) ?? 0;
    if (quality > 0 && quality >= identity && quality > (best?.quality ?? 0)) {
      best = { coding, quality };
    }
  }
  return best?.coding ?? null;
}

/**
 * The best of `types` (the server's order) by an Accept field; null where none is acceptable.
 * Without a field the first. A type that is named beats one that only `*` lets through, at equal
 * quality.
 */
export function prefers(accept: string | null, types: readonly string[]): string | null {
  if (accept === null || accept.trim() === "") return types[0] ?? null;
  const wishes = wishesOf(accept);
  let best: { type: string; quality: number; precision: number } | null = null;
  for (const type of types) {
    const wish = wishFor(type, wishes);
    if (wish === null || wish.quality === 0) continue;
    const better =
      best === null ||
      wish.quality > best.quality ||
      (wish.quality === best.quality && wish.precision > best.precision);
    if (better) best = { type, ...wish };
  }
  return best?.type ?? null;
}

function wishFor(
  type: string,
  wishes: readonly Wish[],
): { quality: number; precision: number } | null {
  const [main = ""] = type.split("/");
  const ranges = [type, `${main}/*`, "*/*"];
  for (const [at, range] of ranges.entries()) {
    const named = wishes.filter(({ name }) => name === range);
    // `text/html;level=1;q=0.4` says little of text/html, but more than nothing.
    const wish = named.find(({ narrow }) => !narrow) ?? named[0];
    if (wish !== undefined) return { quality: wish.quality, precision: ranges.length - at };
  }
  return null;
}

function wishesOf(list: string): Wish[] {
  return list.split(",").flatMap((item) => {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
    if (name === "") return [];
    // "q =0" is no weight (RFC 9110 §12.4.2), but it was meant as one: the item can't be read.
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const quality = weight === undefined ? 1 : qualityOf(weight.slice(2));
    const narrow = parameters.some((parameter) => /^(?!q\s*=)[^=]+=/.test(parameter));
    return quality === null ? [] : [{ name, narrow, quality }];
  });
}

function qualityOf(text: string): number | null {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : null;
}
