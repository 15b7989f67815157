// Heads of answers that differ in their content alone: an app makes a reply for each request, but
// what it says of them is mostly one list of fields. A head that comes again is copied, not made.
//
//   slot = (status + length) % slots:   seen once → noted   seen again → its head is kept
import type { FieldList } from "../../base/failure.ts";
import { ReadyHead } from "./ready-head.ts";

const SLOTS = 64;

class Slot {
  status = 0;
  length = 0;
  fields: FieldList | null = null;
  head: ReadyHead | null = null;

  isOf(status: number, length: number, fields: FieldList): boolean {
    return this.fields === fields && this.length === length && this.status === status;
  }
}

/** Heads by status, Content-Length and the list of fields itself: equal lists are others. */
export class ReadyHeads {
  readonly #slots = Array.from({ length: SLOTS }, () => new Slot());

  find(status: number, length: number, fields: FieldList): ReadyHead | null {
    const slot = this.#slots[(status + length) & (SLOTS - 1)]!;
    return slot.isOf(status, length, fields) ? slot.head : null;
  }

  /** Notes that `text` was made, with `date` as its Date. */
  note(status: number, length: number, fields: FieldList, text: string, date: string): void {
    const slot = this.#slots[(status + length) & (SLOTS - 1)]!;
    if (slot.isOf(status, length, fields)) slot.head = new ReadyHead(text, date);
    else {
      slot.status = status;
      slot.length = length;
      slot.fields = fields;
      slot.head = null;
    }
  }
}
