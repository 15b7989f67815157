export { AccountClient, accountWithoutWorkers } from "./account-client.ts";
export { Accounts, type AccountsParts } from "./accounts.ts";
export { measureFolder } from "./measure-folder.ts";
export type { FromAccounts, ToAccounts } from "./messages.ts";
