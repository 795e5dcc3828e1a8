import { memoryLedger } from "../../src/ledger/memory.ts";
import { describeLedger, describeRemembering, entriesOf } from "../support/ledger-contract.ts";

describeLedger("memoryLedger", async () => memoryLedger());
describeRemembering("memoryLedger", async (options) => {
  const ledger = memoryLedger(options);
  return { ledger, stored: async () => JSON.stringify(await entriesOf(ledger)) };
});
