// What options that end up in an answer's head may hold. Each check says in words what is wrong, or
// null: bad ones are found when the config is read, so that nothing has to be checked per answer.

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"; // RFC 9110 §5.6.2
const ONE_TOKEN = new RegExp(`^${TOKEN}$`);
const MEDIA_TYPE = new RegExp(
  `^${TOKEN}/${TOKEN}(?: *; *${TOKEN}=(?:${TOKEN}|"[ !#-\\[\\]-~]*"))*$`, // RFC 9110 §8.3.1
);

/** What the driver alone writes, or what speaks of one connection only (RFC 9110 §7.6.1). */
const DRIVERS = new Set([
  ...["connection", "content-length", "date", "keep-alive", "proxy-connection", "te", "trailer"],
  ...["transfer-encoding", "upgrade"],
]);

/** For the name of a field to set. */
export function fieldNameComplaint(name: string): string | null {
  if (!ONE_TOKEN.test(name)) return "a field's name is one word, such as X-Frame-Options";
  return DRIVERS.has(name.toLowerCase()) ? `${name} is the server's to write` : null;
}

/** For a field's value: visible ASCII, with blanks and tabs inside. */
export function fieldValueComplaint(value: string): string | null {
  if (/^[ \t]|[ \t]$/.test(value)) return "a field's value neither begins nor ends with a blank";
  if (/^[\t\x20-\x7e]*$/.test(value)) return null;
  return "a field's value has ASCII characters only, and no line ends";
}

/** For a media type, with or without parameters. */
export function mediaTypeComplaint(type: string): string | null {
  return MEDIA_TYPE.test(type) ? null : 'a media type is written like "text/plain"';
}

/** For a method to take. */
export function methodComplaint(name: string): string | null {
  if (!ONE_TOKEN.test(name)) return "a method's name is one word, such as GET";
  if (/^(?:CONNECT|TRACE)$/i.test(name)) return `${name} is never taken`;
  // Methods are case-sensitive (RFC 9110 §9.1): "get" would match no request that anyone sends.
  return name === name.toUpperCase() ? null : `methods are upper case: "${name.toUpperCase()}"`;
}
