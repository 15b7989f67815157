// Stores what its parent tells it to, several at once, and says what came of each.
import { Failure } from "../../src/base/failure.ts";
import { Store, type Draft, type Stored } from "../../src/storage/index.ts";
import { StoreBench } from "../../src/testing/index.ts";
import { contentOf, type Ack, type Op } from "./op.ts";

const { options } = new StoreBench(process.argv[2]!, {});
const store = await Store.open(options);

process.on("message", ({ id, op }: { id: number; op: Op }) => {
  void carryOut(op).then((ack) => process.send?.({ id, ack }));
});
process.on("disconnect", () => process.exit(0)); // the parent is gone
process.send!("ready");

async function carryOut(op: Op): Promise<Ack> {
  const outcome = op.kind === "put" ? await put(op) : await store.remove(op.name);
  if (outcome instanceof Failure) return { refused: outcome.code };
  return { names: ("name" in outcome ? [outcome] : outcome).map(({ name }) => name) };
}

async function put(op: Op & { kind: "put" }): Promise<readonly Stored[] | Failure> {
  const placings = [];
  for (const { name, content } of op.files) {
    const draft = await written(contentOf(content));
    placings.push({ draft, name, how: op.how });
  }
  return store.place(placings);
}

async function written(content: Buffer): Promise<Draft> {
  const draft = sure(await store.draft(content.length % 2 === 0 ? content.length : null));
  // Pieces of no round size, as sockets give them.
  for (let at = 0; at < content.length; at += 49_999) {
    const refusal = await draft.write(content.subarray(at, at + 49_999));
    if (refusal !== null) throw new Error(refusal.detail);
  }
  sure(await draft.seal());
  return draft;
}

function sure<T>(outcome: T | Failure): T {
  if (outcome instanceof Failure) throw new Error(`${outcome.code}: ${outcome.detail}`);
  return outcome;
}
