import "./storm-clock.ts";
import { openParts, settingsOfChild } from "./storm-parts.ts";

const settings = settingsOfChild();
const { queue, ledger } = openParts(settings);
queue.startWorker({ ledger, concurrency: 8, lockMs: settings.lockMs });
console.log("ready");
