// The door `portico/testing`: what answers for a config in somebody's tests, with a socket or
// without.
export { respond, startTestServer, TestServer } from "./server/index.ts";
