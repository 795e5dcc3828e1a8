import { memoryLedger } from "../../src/ledger/memory.ts";
import { describeLedger } from "../support/ledger-contract.ts";

describeLedger("memoryLedger", async () => memoryLedger());
