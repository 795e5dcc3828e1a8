import "./storm-clock.ts";
import { openParts, settingsOfChild } from "./storm-parts.ts";

const settings = settingsOfChild();
const { queue, ledger } = openParts(settings);
queue.startWorker({ ledger, lockMs: settings.lockMs });
console.log("ready");
