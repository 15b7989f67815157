// Values that clients keep and may not change: behind each follows its seal, an HMAC-SHA-256 by a
// secret that only the server knows. Anybody can read them.
import { createHmac, timingSafeEqual } from "node:crypto";

/** `value.seal`; the seal is base64url. */
export function signed(value: string, secret: string): string {
  return `${value}.${sealOf(value, secret)}`;
}

/** What was signed by one of `secrets`; null: by none of them, or changed since. */
export function verified(text: string, secrets: readonly string[]): string | null {
  const dot = text.lastIndexOf(".");
  if (dot < 0) return null;
  const value = text.slice(0, dot);
  const seal = Buffer.from(text.slice(dot + 1));
  return secrets.some((secret) => isSame(seal, sealOf(value, secret))) ? value : null;
}

function sealOf(value: string, secret: string): string {
  return createHmac("sha256", secret).update(value).digest("base64url");
}

/** Takes as long wherever they differ. Compared as text: base64url has other spellings. */
function isSame(seal: Uint8Array, expected: string): boolean {
  return seal.length === expected.length && timingSafeEqual(seal, Buffer.from(expected));
}
