const USER_LENGTH_MAX = 1024;

/** Throws where nobody can have that name: programs are told of it in their environment. */
export function checkUser(user: string | null | undefined): void {
  if (user === undefined || user === null) return;
  const isName = typeof user === "string" && user !== "" && user.isWellFormed();
  // oxlint-disable-next-line no-control-regex -- a NUL would end the variable, a line feed a line
  if (isName && user.length <= USER_LENGTH_MAX && !/[\0-\x1f\x7f]/.test(user)) return;
  throw new TypeError("a user is a text without control characters, or null");
}
