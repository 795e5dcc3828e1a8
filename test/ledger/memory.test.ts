import { memoryLedger } from "../../src/ledger/memory.ts";
import { describeErasing, describeLedger, entriesOf } from "../support/ledger-contract.ts";

describeLedger("memoryLedger", async () => memoryLedger());
describeErasing("memoryLedger", async () => {
  const ledger = memoryLedger();
  return { ledger, stored: async () => JSON.stringify(await entriesOf(ledger)) };
});
