// Dates (RFC 9110 §5.6.7): three forms are read, one is written. Everything of a date is checked
// but its weekday; one that is wrong anywhere is none, and its field is ignored.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const IMF = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const RFC850 =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d\d)-(\w{3})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const ASCTIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/** The date as IMF-fixdate. `ms` since 1970; parts of a second are dropped. */
export function formatHttpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

// The last one that was read: clients that ask whether a file changed name its date each time, and
// to read it costs 1 µs.
let lastText = "";
let lastMs: number | null = null;

/** Milliseconds since 1970, or null. `nowMs` tells which century a year of two digits is in. */
export function parseHttpDate(text: string, nowMs: number): number | null {
  if (text === lastText) return lastMs;
  const imf = IMF.exec(text);
  if (imf === null) return parseOldDate(text, nowMs);
  lastMs = timeOf(Number(imf[3]), imf[2]!, imf[1]!, imf.slice(4));
  lastText = text;
  return lastMs;
}

function parseOldDate(text: string, nowMs: number): number | null {
  const asctime = ASCTIME.exec(text);
  if (asctime !== null) {
    return timeOf(Number(asctime[6]), asctime[1]!, asctime[2]!, asctime.slice(3, 6));
  }
  const old = RFC850.exec(text);
  if (old === null) return null;
  const century = 100 * Math.floor(new Date(nowMs).getUTCFullYear() / 100);
  const timeIn = (year: number): number | null => timeOf(year, old[2]!, old[1]!, old.slice(4));
  const time = timeIn(century + Number(old[3]));
  // More than 50 years ahead means the same digits of the past century.
  const latest = new Date(nowMs);
  latest.setUTCFullYear(latest.getUTCFullYear() + 50);
  if (time === null || time <= latest.getTime()) return time;
  return timeIn(century - 100 + Number(old[3]));
}

function timeOf(
  year: number,
  monthName: string,
  dayText: string,
  clock: readonly string[],
): number | null {
  const month = MONTHS.indexOf(monthName);
  const day = Number(dayText);
  const [hour = 0, minute = 0, second = 0] = clock.map(Number);
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  // The 31st of a short month would be a day of the next.
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return null;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}
