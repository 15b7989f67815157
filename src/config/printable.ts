// A config, an argument or a file's name may come from elsewhere: its bytes don't get to steer the
// terminal that they are shown on, nor to turn the line around (bidirectional controls).
const UNPRINTABLE = /[\0-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** `text` as one line for people: what would steer a terminal is `\ufffd`; a tab stays. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, "\ufffd");
}

/** `text` (JSON, or a string of TOML) with the same characters as `\uXXXX`: it means the same. */
export function withEscapes(text: string): string {
  return text.replaceAll(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
