// Whether bytes are one JSON text (RFC 8259), told as they come: nothing is kept of them but how
// deep the text is in arrays and objects, so that a document of any size is checked in the memory
// of a small one. The bytes must be UTF-8 (§8.1), without a byte order mark.

/** Deeper texts are refused: whoever reads them later may do so by recursion. */
export const JSON_DEPTH_MAX = 500;

// What may come next. The order of VALUE … AFTER matters to nobody.
const VALUE = 0; // a value
const VALUE_OR_END = 1; // a value, or the end of an empty array
const KEY_OR_END = 2; // a key, or the end of an empty object
const KEY = 3; // a key
const COLON = 4;
const AFTER = 5; // behind a value: a comma, an end, or nothing more
const STRING = 6;
const ESCAPE = 7;
const HEX = 8;
const LITERAL = 9;
const NUMBER = 10;

// The states of a number (§6): where it may end is marked below.
const MINUS = 0;
const ZERO = 1;
const INTEGER = 2;
const POINT = 3;
const FRACTION = 4;
const EXPONENT = 5;
const EXPONENT_SIGN = 6;
const EXPONENT_DIGITS = 7;
const MAY_END = new Set([ZERO, INTEGER, FRACTION, EXPONENT_DIGITS]);

const LITERALS = new Map([
  [0x74, Buffer.from("true")],
  [0x66, Buffer.from("false")],
  [0x6e, Buffer.from("null")],
]);
const ESCAPES = new Set(Buffer.from('"\\/bfnrt'));

export class JsonChecker {
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  /** For each array or object that is open: whether it is an object. */
  readonly #open: boolean[] = [];
  #state = VALUE;
  #isKey = false;
  #hexLeft = 0;
  #literal: Uint8Array = Buffer.of();
  #literalAt = 0;
  #number = MINUS;
  #isBad = false;

  /** Takes the next bytes. False as soon as no JSON text can begin so; then for good. */
  feed(bytes: Uint8Array): boolean {
    if (this.#isBad) return false;
    try {
      this.#utf8.decode(bytes, { stream: true });
    } catch {
      this.#isBad = true;
      return false;
    }
    for (const byte of bytes) {
      if (this.#take(byte)) continue;
      this.#isBad = true;
      return false;
    }
    return true;
  }

  /** Whether what was fed is one whole text. */
  end(): boolean {
    if (this.#isBad || this.#open.length > 0) return false;
    if (this.#state === NUMBER) return MAY_END.has(this.#number);
    return this.#state === AFTER;
  }

  #take(byte: number): boolean {
    switch (this.#state) {
      case STRING:
        return this.#inString(byte);
      case ESCAPE:
        return this.#escaped(byte);
      case HEX:
        return this.#hex(byte);
      case LITERAL:
        return this.#inLiteral(byte);
      case NUMBER:
        return this.#inNumber(byte);
      default:
        return isBlank(byte) || this.#between(byte);
    }
  }

  #between(byte: number): boolean {
    switch (this.#state) {
      case VALUE:
        return this.#value(byte);
      case VALUE_OR_END:
        return byte === 0x5d /* ] */ ? this.#close(false) : this.#value(byte);
      case KEY_OR_END:
        return byte === 0x7d /* } */ ? this.#close(true) : this.#key(byte);
      case KEY:
        return this.#key(byte);
      case COLON:
        this.#state = VALUE;
        return byte === 0x3a;
      default:
        return this.#behindValue(byte);
    }
  }

  #value(byte: number): boolean {
    if (byte === 0x22) return this.#string(false);
    if (byte === 0x7b) return this.#enter(true);
    if (byte === 0x5b) return this.#enter(false);
    if (byte === 0x2d || isDigit(byte)) {
      this.#state = NUMBER;
      this.#number = byte === 0x2d ? MINUS : byte === 0x30 ? ZERO : INTEGER;
      return true;
    }
    const literal = LITERALS.get(byte);
    if (literal === undefined) return false;
    this.#state = LITERAL;
    this.#literal = literal;
    this.#literalAt = 1;
    return true;
  }

  #key(byte: number): boolean {
    return byte === 0x22 && this.#string(true);
  }

  #string(isKey: boolean): boolean {
    this.#state = STRING;
    this.#isKey = isKey;
    return true;
  }

  #enter(isObject: boolean): boolean {
    this.#open.push(isObject);
    this.#state = isObject ? KEY_OR_END : VALUE_OR_END;
    return this.#open.length <= JSON_DEPTH_MAX;
  }

  #close(isObject: boolean): boolean {
    this.#state = AFTER;
    return this.#open.pop() === isObject;
  }

  #behindValue(byte: number): boolean {
    if (byte === 0x7d) return this.#close(true);
    if (byte === 0x5d) return this.#close(false);
    const isInObject = this.#open.at(-1);
    this.#state = isInObject === true ? KEY : VALUE;
    return byte === 0x2c && isInObject !== undefined;
  }

  #inString(byte: number): boolean {
    if (byte === 0x22) this.#state = this.#isKey ? COLON : AFTER;
    else if (byte === 0x5c) this.#state = ESCAPE;
    return byte >= 0x20;
  }

  #escaped(byte: number): boolean {
    this.#state = byte === 0x75 ? HEX : STRING;
    this.#hexLeft = 4;
    return byte === 0x75 || ESCAPES.has(byte);
  }

  #hex(byte: number): boolean {
    this.#hexLeft -= 1;
    if (this.#hexLeft === 0) this.#state = STRING;
    const lower = byte | 0x20;
    return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
  }

  #inLiteral(byte: number): boolean {
    const isNext = this.#literal[this.#literalAt] === byte;
    this.#literalAt += 1;
    if (this.#literalAt === this.#literal.length) this.#state = AFTER;
    return isNext;
  }

  #inNumber(byte: number): boolean {
    const next = numberAfter(this.#number, byte);
    if (next !== null) {
      this.#number = next;
      return true;
    }
    this.#state = AFTER;
    return MAY_END.has(this.#number) && (isBlank(byte) || this.#behindValue(byte));
  }
}

/** The state of a number behind `byte`, or null where `byte` is no more of it. */
function numberAfter(state: number, byte: number): number | null {
  const digit = isDigit(byte);
  switch (state) {
    case MINUS:
      return digit ? (byte === 0x30 ? ZERO : INTEGER) : null;
    case ZERO:
    case INTEGER:
      if (digit) return state === INTEGER ? INTEGER : null;
      return byte === 0x2e ? POINT : isExponent(byte) ? EXPONENT : null;
    case POINT:
      return digit ? FRACTION : null;
    case FRACTION:
      return digit ? FRACTION : isExponent(byte) ? EXPONENT : null;
    case EXPONENT:
      if (byte === 0x2b || byte === 0x2d) return EXPONENT_SIGN;
      return digit ? EXPONENT_DIGITS : null;
    default:
      return digit ? EXPONENT_DIGITS : null;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isExponent(byte: number): boolean {
  return (byte | 0x20) === 0x65;
}

/** The blanks of §2. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
