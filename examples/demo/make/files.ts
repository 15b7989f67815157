// Fills the folder that the demo lists: `node make/files.ts`. Many small files of many types, with
// the names that trouble careless servers: blanks, accents, percent signs, scripts from right to
// left, one that is long, one that is empty, one that begins with a dot and must not be seen.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { hash } from "./paint.ts";
import { encodePng } from "./png.ts";

const folder = fileURLToPath(new URL("../files/", import.meta.url));
rmSync(folder, { recursive: true, force: true });

const GREETINGS: readonly (readonly [name: string, text: string])[] = [
  ["Dansk – på trappen", "Kære ven, kom indenfor. Der er plads på trappen."],
  ["Deutsch – Grüße", "Liebe Freundin, unter dem Vordach ist es trocken. Komm vorbei."],
  ["English", "Dear friend, the porch light is on. Come by when you like."],
  ["Español – mañana", "Querido amigo, mañana estaré en el portal. Te espero."],
  ["Français – à bientôt", "Chère amie, il fait frais sous les arcades. À bientôt."],
  ["Italiano – sotto i portici", "Cara amica, ci vediamo sotto i portici alle sette."],
  ["Polski – zażółć gęślą jaźń", "Drogi przyjacielu, czekam pod arkadami."],
  ["Türkçe – ığüşöç", "Sevgili dostum, kapı açık. Ne zaman istersen gel."],
  ["Ελληνικά – στη στοά", "Αγαπητή φίλη, θα είμαι στη στοά το βράδυ."],
  ["Русский – привет", "Дорогой друг, приходи вечером, посидим на крыльце."],
  ["עברית – שלום", "חברה יקרה, הדלת פתוחה. בואי בערב."],
  ["العربية – مرحبا", "صديقي العزيز، الباب مفتوح. تعال في المساء."],
  ["हिन्दी – नमस्ते", "प्रिय मित्र, शाम को बरामदे में मिलते हैं।"],
  ["中文 – 廊下", "亲爱的朋友，晚上在廊下见。"],
  ["日本語 – 縁側にて", "友へ。縁側でお茶を用意しています。"],
  ["한국어 – 안녕", "친구에게. 저녁에 마루에서 만나요."],
];

const ORDERS: readonly (readonly [name: string, heightInDiameters: number, flutes: number])[] = [
  ["Tuscan", 7, 0],
  ["Doric", 8, 20],
  ["Ionic", 9, 24],
  ["Corinthian", 10, 24],
  ["Composite", 10, 24],
];

const ODD_NAMES: Readonly<Record<string, string>> = {
  "100 % wool.txt": "A percent sign that is part of the name.\n",
  "a+b=c.txt": "A plus sign is a plus sign in a path.\n",
  "semi;colon, comma & ampersand.txt": "All of these are allowed.\n",
  "hash #1.txt": "Without encoding, everything after the hash would stay in the browser.\n",
  "it's 'quoted' (really) [sic].txt": "Quotes and brackets.\n",
  "two  blanks and a … .txt": "Two blanks next to each other.\n",
  "%2e%2e not a way up.txt": "Decoded once, this is only a name.\n",
  "🏛 a temple.txt": "A name beyond the basic plane.\n",
  "UPPER.TXT": "Shouting is allowed.\n",
  "no extension": "Who knows what this is?\n",
  "empty.txt": "",
  ".not shown": "Names that begin with a dot are neither listed nor served.\n",
  [`${"a rather long name, ".repeat(9)}and its end.txt`]: "A long name.\n",
};

writeLetters();
writeWeather();
writeColumns();
writeTiles();
writeKinds();
for (const [name, text] of Object.entries(ODD_NAMES)) write(`odd names/${name}`, text);
write("deep/er/and/deeper/still/here.txt", "It is quiet down here.\n");
write(
  "Read me first.txt",
  "A folder with a listing. Click a column's head to sort it, or ask for it as JSON:\n\n" +
    "  curl -H 'Accept: application/json' http://127.0.0.1:8080/files/\n",
);

function writeLetters(): void {
  for (const [name, text] of GREETINGS) write(`letters/${name}.txt`, `${text}\n`);
}

/** Two years of an invented weather station. */
function writeWeather(): void {
  for (let month = 0; month < 24; month += 1) {
    const first = new Date(Date.UTC(2024, month, 1));
    const days = new Date(Date.UTC(2024, month + 1, 0)).getUTCDate();
    const rows = ["day,low_c,high_c,rain_mm"];
    for (let day = 1; day <= days; day += 1) {
      const season = 11 - 11 * Math.cos(((month + day / days) / 6) * Math.PI);
      const low = season - 3 + hash(month, day) * 6;
      const high = low + 4 + hash(month, day + 50) * 7;
      const rain = Math.max(0, hash(month, day + 90) - 0.7) * 40;
      rows.push([day, low.toFixed(1), high.toFixed(1), rain.toFixed(1)].join(","));
    }
    const name = first.toISOString().slice(0, 7);
    write(`weather/${name.slice(0, 4)}/${name}.csv`, `${rows.join("\n")}\n`);
  }
}

function writeColumns(): void {
  for (const [name, height, flutes] of ORDERS) {
    const facts = { name, heightInDiameters: height, flutes, half: { width: 1, height } };
    write(`columns/${name}.json`, `${JSON.stringify(facts, null, 2)}\n`);
    write(`columns/${name}.svg`, column(name, height, flutes));
  }
}

function column(name: string, height: number, flutes: number): string {
  const foot = height * 20 + 10;
  const lines: string[] = [];
  for (let i = 1; i < flutes / 2; i += 1) {
    const x = 30 - 10 * Math.cos((i / (flutes / 2)) * Math.PI);
    lines.push(`M${x.toFixed(1)} 20V${foot}`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 ${foot + 20}">
  <title>${name} column</title>
  <path fill="#e9dfcc" stroke="#8a7558"
    d="M14 8H46V14H42L40 20V${foot}H46V${foot + 12}H14V${foot}H20V20L18 14H14Z"/>
  <path fill="none" stroke="#8a7558" stroke-width="0.6" d="${lines.join("") || "M20 20H40"}"/>
</svg>
`;
}

/** Floors, as small PNGs. */
function writeTiles(): void {
  const floors: Readonly<Record<string, (x: number, y: number) => boolean>> = {
    chequers: (x, y) => ((x >> 4) + (y >> 4)) % 2 === 0,
    cornerwise: (x, y) => (((x + y) >> 4) + ((x - y) >> 4)) % 2 === 0,
    herringbone: (x, y) => ((x + ((y >> 3) % 2 === 0 ? y : -y) + 256) >> 3) % 2 === 0,
    rings: (x, y) => (Math.hypot((x % 32) - 16, (y % 32) - 16) >> 2) % 2 === 0,
    steps: (x, y) => ((x + (y >> 3) * 8) >> 4) % 2 === 0,
    waves: (x, y) => Math.sin(y / 5 + Math.sin(x / 10) * 3) > 0,
  };
  for (const [name, isDark] of Object.entries(floors)) {
    const pixels = new Uint8Array(128 * 128 * 3);
    for (let i = 0; i < 128 * 128; i += 1) {
      pixels.set(isDark(i % 128, i >> 7) ? [150, 69, 42] : [236, 224, 200], i * 3);
    }
    write(`floors/${name}.png`, encodePng(pixels, 128, 128));
  }
}

/** One small file of each of several types. */
function writeKinds(): void {
  const kinds: Readonly<Record<string, string>> = {
    "calendar.ics":
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Portico//demo//EN\r\nBEGIN:VEVENT\r\n" +
      "UID:porch@example.org\r\nDTSTAMP:20240601T000000Z\r\nDTSTART;VALUE=DATE:20240621\r\n" +
      "SUMMARY:Longest day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "feed.xml":
      '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"/>\n',
    "page.html": "<!doctype html>\n<title>A page</title>\n<p>A page among the files.</p>\n",
    "place.geojson": '{ "type": "Point", "coordinates": [11.343, 44.494] }\n',
    "script.js": 'export const greeting = "Hello from a file.";\n',
    "settings.toml": 'name = "porch"\ncolumns = 6\n',
    "settings.yaml": "name: porch\ncolumns: 6\n",
    "style.css": "body { margin: 2rem }\n",
    "table.tsv": "stone\tcolour\ntravertine\twarm white\nporphyry\tdeep red\n",
    "words.md": "# Words\n\n*Portico*: a roof on columns.\n\n*Loggia*: the same, further up.\n",
  };
  for (const [name, text] of Object.entries(kinds)) write(`kinds/${name}`, text);
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(folder + path), { recursive: true });
  writeFileSync(folder + path, content);
}
