/* What the engines need of the room. The ledgers themselves are exported by the entry points, one by one. */
export { changedFields, compare, type Due, type StepOnHold } from "./compare.ts";
export { accountNumberOf, type Content, keptContent, readContent, type SourceUser } from "./content.ts";
export { type Delivery, deliver, deliverContent, type FailedStep } from "./deliver.ts";
export { hashText } from "./hash.ts";
export type { DeliveryStep, Ledger, LedgerEntry } from "./ledger.ts";
export { ledgerError, useLedger } from "./ledger-error.ts";
export { isNews, noteMissing, notePresence } from "./presence.ts";
export { isOlder, type Version } from "./version.ts";
