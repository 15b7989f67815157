// busboy comes without types: what the bench uses of it.
declare module "busboy" {
  import type { IncomingHttpHeaders } from "node:http";
  import type { Readable, Writable } from "node:stream";

  interface Form extends Writable {
    on(event: "file", listener: (name: string, file: Readable) => void): this;
  }

  export default function busboy(options: { headers: IncomingHttpHeaders }): Form;
}
