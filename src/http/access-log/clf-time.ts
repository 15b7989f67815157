// The time of the Common Log Format. Many requests end in one second: its text is made once.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

let secondMade = Number.NaN;
let made = "";

/** `02/Jan/2026:03:04:05 +0000` */
export function clfTime(nowMs: number): string {
  const second = Math.floor(nowMs / 1000);
  if (second !== secondMade) {
    made = textOf(new Date(second * 1000));
    secondMade = second;
  }
  return made;
}

function textOf(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2, "0");
  const time = date.toISOString().slice(11, 19);
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}
