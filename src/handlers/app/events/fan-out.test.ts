import assert from "node:assert/strict";
import { test } from "node:test";
import { PushPiece } from "../../../http/exchange/index.ts";
import { turns } from "../../../testing/index.ts";
import { FanOut, type Receiver } from "./fan-out.ts";

class Member implements Receiver {
  since = 0;
  heard = "";

  write({ bytes }: PushPiece): void {
    this.heard += Buffer.from(bytes).toString();
  }
}

const piece = (text: string): PushPiece => new PushPiece(Buffer.from(text));

function filled(count: number): { all: FanOut<Member>; members: Member[] } {
  const all = new FanOut<Member>();
  const members = Array.from({ length: count }, () => new Member());
  for (const member of members) all.add(member);
  return { all, members };
}

test("a few are told at once", () => {
  const { all, members } = filled(100);
  all.push(piece("a"));
  all.push(piece("b"));
  assert.ok(members.every(({ heard }) => heard === "ab"));
});

test("many are told in turns of the loop, each in order", async () => {
  const { all, members } = filled(2000);
  for (const text of "abc") all.push(piece(text));
  const told = members.filter(({ heard }) => heard !== "").length;
  assert.ok(told > 0 && told < 1000, `${told}`);
  await turns(100);
  assert.ok(members.every(({ heard }) => heard === "abc"));
});

test("who comes while others are told hears what is pushed from then on, and no more", async () => {
  const { all, members } = filled(2000);
  all.push(piece("a"));
  const late = new Member();
  all.add(late);
  all.push(piece("b"));
  await turns(100);
  assert.equal(late.heard, "b");
  assert.ok(members.every(({ heard }) => heard === "ab"));
});

test("who leaves while others are told hears nothing more", async () => {
  const { all, members } = filled(2000);
  all.push(piece("a"));
  const last = members.at(-1)!;
  assert.deepEqual([all.delete(last), all.delete(last)], [true, false]);
  await turns(100);
  assert.deepEqual([last.heard, all.size], ["", 1999]);
});

test("what is pushed faster than it is written does not pile up", () => {
  const { all, members } = filled(2000);
  for (let count = 0; count < 500; count += 1) all.push(piece("x"));
  assert.ok(members.at(-1)!.heard.length >= 400);
  all.flush();
  assert.ok(members.every(({ heard }) => heard.length === 500));
});

test("a member that leaves as it is told, and one that has more said, break nothing", async () => {
  const { all, members } = filled(600);
  members[0]!.write = () => void all.delete(members[0]!);
  let more = 3;
  members[1]!.write = ({ bytes }) => {
    members[1]!.heard += Buffer.from(bytes).toString();
    more -= 1;
    if (more > 0) all.push(piece("b"));
  };
  all.push(piece("a"));
  await turns(100);
  assert.deepEqual([members[1]!.heard, members.at(-1)!.heard], ["abb", "abb"]);
});
