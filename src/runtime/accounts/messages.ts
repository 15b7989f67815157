// Between a worker and the accounts: plain values. `id` is the worker's number for one wish.

export interface Reserve {
  readonly kind: "reserve";
  readonly id: number;
  readonly folder: string;
  readonly bytes: number;
  /** What the folder may hold in all. */
  readonly limit: number;
}

/** Of `reserved` bytes, `actual` stay; negative where something went. Not answered. */
export interface Settle {
  readonly kind: "settle";
  readonly folder: string;
  readonly reserved: number;
  readonly actual: number;
}

export type ToAccounts = Reserve | Settle;

export interface FromAccounts {
  readonly id: number;
  readonly granted: boolean;
}
