// What the demo's scripts answer, in each language the same.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { type Printed, runScript, type Script, SCRIPTS } from "./cgi-run.ts";

const BOUNDARY = "----porch7MA4YWxk";
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
const EVERY_BYTE = Buffer.from(Array.from({ length: 1024 }, (_, at) => at % 256));

/** Of a form with a field and a file, as browsers write it. */
function formWith(text: string, name: string, content: Uint8Array): Buffer {
  const field = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="name"\r\n\r\n${text}\r\n`;
  const disposition = `Content-Disposition: form-data; name="file"; filename="${name}"`;
  const file = `--${BOUNDARY}\r\n${disposition}\r\nContent-Type: image/x-odd\r\n\r\n`;
  const end = `\r\n--${BOUNDARY}--\r\n`;
  return Buffer.concat([Buffer.from(field + file), content, Buffer.from(end)]);
}

function post(script: Script, type: string, body: Uint8Array, more = {}): Printed {
  const asked = { PATH_INFO: "/form", REQUEST_METHOD: "POST", CONTENT_TYPE: type, ...more };
  return runScript(script, asked, body);
}

/** Wants an answer whose announced length is right, without a complaint on standard error. */
function whole(printed: Printed, status: number): string {
  const { content, fields, complaints } = printed;
  const text = content.toString();
  assert.equal(printed.status, status, `${text}${complaints}`);
  assert.equal(Number(fields.get("content-length")), content.length);
  assert.equal(complaints, "");
  return text;
}

for (const script of SCRIPTS) {
  const { language, shape } = script;
  const skip = script.interpreter === null && `no interpreter for ${language} here`;
  const it = (words: string, run: () => void) => void test(`${language}: ${words}`, { skip }, run);

  it("says which version it is", () => {
    const told = JSON.parse(whole(runScript(script, { PATH_INFO: "/about" }), 200));
    assert.equal(told.language, language);
    assert.match(told.version, /^\d+\.\d+/u);
  });

  it("shows its environment, escaped", () => {
    const asked = {
      PATH_INFO: "/environment",
      QUERY_STRING: "<script>alert('1')&\"",
      HTTP_X: "Grüße",
    };
    const page = whole(runScript(script, asked), 200);
    assert.match(page, /<dt>QUERY_STRING<\/dt><dd>&lt;script&gt;alert\(&\S+;1&\S+;\)&amp;&quot;</u);
    assert.match(page, /<dt>HTTP_X<\/dt><dd>Grüße</u);
    assert.doesNotMatch(page, /<script/u);
  });

  it("links its pages by an address with everything odd encoded", () => {
    const odd = '/a"><b>/x y.cgi';
    const page = whole(runScript(script, { PATH_INFO: "/form", SCRIPT_NAME: odd }), 200);
    assert.match(page, /action="\/a%22%3E%3Cb%3E\/x%20y\.cgi\/form"/u);
  });

  it("takes a form: fields as text, the file to the last byte", () => {
    const printed = post(script, MULTIPART, formWith("Ann & Zoë <b>", "ä<i>.bin", EVERY_BYTE));
    const page = whole(printed, 200);
    const digest = createHash("sha256").update(EVERY_BYTE).digest("hex");
    assert.ok(page.includes("<dt>name</dt><dd>Ann &amp; Zoë &lt;b&gt;</dd>"), page);
    const about = `ä&lt;i&gt;.bin\nimage/x-odd, 1024 bytes\nSHA-256 ${digest}`;
    assert.ok(page.includes(`<dt>file</dt><dd>${about}</dd>`), page);
  });

  it("takes a form of fields alone", () => {
    const type = "application/x-www-form-urlencoded";
    const page = whole(post(script, type, Buffer.from("name=a+%C3%A4%3Cb%3E&text=")), 200);
    assert.ok(page.includes("<dt>name</dt><dd>a ä&lt;b&gt;</dd><dt>text</dt><dd></dd>"), page);
  });

  it("reads no further than the form is long", () => {
    const form = formWith("Ann", "a.bin", EVERY_BYTE);
    const more = Buffer.concat([form, Buffer.from("x".repeat(5000))]);
    const page = whole(post(script, MULTIPART, more, { CONTENT_LENGTH: String(form.length) }), 200);
    assert.ok(page.includes("1024 bytes"), page);
  });

  for (const value of shape.taken) {
    it(`draws a picture for ${shape.name}=${value}`, () => {
      const query = `${shape.name}=${value}`;
      const printed = runScript(script, { PATH_INFO: "/picture", QUERY_STRING: query });
      whole(printed, 200);
      if (printed.fields.get("content-type") === "image/png") assertPng(printed.content);
      else assert.match(printed.content.toString(), /^<svg xmlns=[^]*<\/svg>\n$/u);
    });
  }

  for (const value of ["", "x", "-1", "1e999", "nan", "3;5", "999", "%3Cb%3E", "5 5"]) {
    it(`draws nothing odd for ${shape.name}=${value}`, () => {
      const query = `${shape.name}=${value}`;
      const { status } = runScript(script, { PATH_INFO: "/picture", QUERY_STRING: query });
      // A number beyond the ends may be taken for the end.
      assert.ok(status === 400 || (status === 200 && /^[\d-]/u.test(value)), `${status}`);
    });
  }

  for (const path of ["", "/", "/Form", "/../form", "/environment/"]) {
    it(`has nothing at ${JSON.stringify(path)}`, () => {
      whole(runScript(script, { PATH_INFO: path }), 404);
    });
  }

  it("takes no more fields than a hundred", () => {
    const type = "application/x-www-form-urlencoded";
    const printed = post(script, type, Buffer.from("a=1&".repeat(101)));
    // PHP has a bound of its own: a thousand, of which later ones of a name replace the first.
    assert.equal(printed.status, language === "PHP" ? 200 : 400);
    assert.equal(printed.complaints, "");
  });

  for (const method of ["DELETE", "get", "POST"]) {
    it(`refuses ${method} for its environment`, () => {
      whole(runScript(script, { PATH_INFO: "/environment", REQUEST_METHOD: method }), 405);
    });
  }
}

const FORM = formWith("Ann", "a.bin", EVERY_BYTE);
const BROKEN: { what: string; type?: string; body?: Uint8Array; length?: string }[] = [
  { what: "of another type", type: "text/plain" },
  { what: "without a boundary", type: "multipart/form-data" },
  { what: "with another boundary", type: "multipart/form-data; boundary=other" },
  { what: "that ends too early", length: String(FORM.length + 1) },
  { what: "without its end", body: FORM.subarray(0, FORM.length - 6) },
  { what: "of a length that is none", length: "-1" },
  { what: "larger than is held", length: "99999999" },
];
// PHP reads forms itself, and leaves out what it does not understand.
for (const script of SCRIPTS.filter(({ language }) => language !== "PHP")) {
  const skip = script.interpreter === null && `no interpreter for ${script.language} here`;
  for (const { what, type = MULTIPART, body = FORM, length } of BROKEN) {
    test(`${script.language}: a form ${what} is refused`, { skip }, () => {
      const more = length === undefined ? {} : { CONTENT_LENGTH: length };
      const { status, complaints } = post(script, type, body, more);
      assert.ok([400, 411, 413, 415].includes(status), `${status}`);
      assert.equal(complaints, "");
    });
  }
}

/** Every chunk's sum is right, and the last one is the end. */
function assertPng(bytes: Buffer): void {
  assert.equal(bytes.toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n");
  let at = 8;
  let kind = "";
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at);
    const chunk = bytes.subarray(at + 4, at + 8 + length);
    kind = chunk.toString("latin1", 0, 4);
    assert.equal(bytes.readUInt32BE(at + 8 + length), crc32(chunk), kind);
    at += 12 + length;
  }
  assert.equal(kind, "IEND");
}
