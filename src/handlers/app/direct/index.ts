export { DirectResponse } from "./direct-response.ts";
