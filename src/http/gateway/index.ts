export { spoolBody } from "./spool-body.ts";
