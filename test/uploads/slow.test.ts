// Clients that send slowly, or no more: they hold nothing that others need.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { answerOn, FORM_TYPE, formOf, withUploads } from "./upload-site.ts";

const PATIENT = { routes: { in: "serve = true" } };
const FORM = `Content-Type: ${FORM_TYPE}`;
const URLENCODED = "Content-Type: application/x-www-form-urlencoded";
const IMPATIENT = { head: '[timeouts]\nbody = "200ms"', routes: { in: "" } };

test("fifty uploads that stall keep nobody from theirs, and are whole when they go on", () =>
  withUploads(PATIENT, async (site) => {
    const body = Buffer.alloc(300_000, "0123456789");
    const stalled = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const connection = await site.open();
        const head = `PUT /in/stalled-${index} HTTP/1.1\r\nHost: localhost\r\nConnection: close`;
        await connection.send(`${head}\r\nContent-Length: ${body.length}\r\n\r\n`);
        await connection.send(body.subarray(0, 100_000 + index));
        return connection;
      }),
    );
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, index) => site.put(`in/other-${index}`, body)),
    );
    assert.ok(others.every(({ status }) => status === 201));
    assert.equal((await site.fetch("in/other-7")).headers.get("content-length"), "300000");
    assert.ok((await site.names("in")).every((name) => !name.startsWith("stalled")));
    for (const [index, connection] of stalled.entries()) {
      assert.equal(connection.receivedBytes, 0, "nobody answers what has not come");
      await connection.send(body.subarray(100_000 + index));
    }
    for (const [index, connection] of stalled.entries()) {
      assert.equal((await answerOn(connection)).status, 201);
      assert.ok(body.equals(await readFile(site.path("in", `stalled-${index}`))));
    }
  }));

test("a client that drips is heard to its end; one that stops is told so, and leaves nothing", () =>
  withUploads(IMPATIENT, async (site) => {
    const dripping = await site.open();
    await dripping.send("PUT /in/drops HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    await dripping.send("Transfer-Encoding: chunked\r\n\r\n");
    for (let drop = 0; drop < 40; drop += 1) {
      await dripping.send("1\r\n");
      await new Promise((resolve) => setTimeout(resolve, 5));
      await dripping.send(`${drop % 10}\r\n`);
    }
    await dripping.send("0\r\n\r\n");
    assert.equal((await answerOn(dripping)).status, 201);
    assert.equal(await readFile(site.path("in", "drops"), "utf8"), "0123456789".repeat(4));

    const form = formOf([{ name: "f", filename: "a", content: Buffer.alloc(200_000) }]);
    const stopped: readonly [line: string, fields: string, body: string | Uint8Array][] = [
      ["PUT /in/stopped", "Content-Length: 300000", form.subarray(0, 100_000)],
      ["PUT /in/stopped", "Transfer-Encoding: chunked", "4\r\nhalf"],
      ["POST /in/", `Content-Length: ${form.length}\r\n${FORM}`, form.subarray(0, -1)],
      ["POST /in/", `Content-Length: 300000\r\n${URLENCODED}`, "a=b&"],
      ["POST /in/", "Content-Length: 300000\r\nContent-Type: application/json", "[1,"],
    ];
    for (const [line, fields, body] of stopped) {
      const connection = await site.open();
      await connection.send(`${line} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n\r\n`);
      await connection.send(body);
      assert.equal((await answerOn(connection)).status, 408, line);
      assert.deepEqual(await site.names("in"), ["drops"], line);
    }
  }));
