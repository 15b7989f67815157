import { flag } from "../../config/index.ts";

export const options = flag({
  doc:
    "Answer only what this server sent on itself (`try`, a program's local redirect or " +
    "`X-Accel-Redirect`); what clients ask for is 404.",
  fallback: false,
});
