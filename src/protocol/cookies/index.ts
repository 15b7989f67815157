export { parseCookies, ReceivedCookies } from "./parse-cookies.ts";
export { COOKIE_BYTES_MAX, isCookieValue, serializeCookie } from "./serialize-cookie.ts";
export type { CookieAttributes, SameSite } from "./serialize-cookie.ts";
