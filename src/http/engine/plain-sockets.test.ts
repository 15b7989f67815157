// The engine's cases again, on sockets that are read and written by the plain ways.
import { closeFastWays } from "../../transport/index.ts";

closeFastWays();
await import("./block-ends.test.ts");
await import("./connection.test.ts");
await import("./engine.test.ts");
await import("./file-sender.test.ts");
await import("./filled-body.test.ts");
await import("./turn.test.ts");
await import("./pulled-body.test.ts");
await import("./push-sender.test.ts");
await import("./reply-writer.test.ts");
await import("./stream-sender.test.ts");
await import("./taken-connection.test.ts");
