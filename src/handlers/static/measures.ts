// Sizes and times as people read them.

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"];

/** "0 B", "999 B", "1.5 KiB", "20 MiB": two figures at least, none behind the point from ten on. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let unit = 0;
  // 1023.96 would be written as 1024.
  while (Math.round(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const figures = Math.round(value * 10) < 100 ? value.toFixed(1) : value.toFixed(0);
  return `${figures} ${UNITS[unit]}`;
}

/** "2024-01-02 03:04", in UTC, of what `isoText` says. */
export function timeText(iso: string): string {
  return iso.slice(0, -":00Z".length).replace("T", " ");
}

/** "2024-01-02T03:04:05Z". A time that no date holds is 1970. */
export function isoText(ms: number): string {
  const date = new Date(Math.floor(ms / 1000) * 1000);
  const time = Number.isNaN(date.getTime()) ? new Date(0) : date;
  return `${time.toISOString().slice(0, -".000Z".length)}Z`;
}
