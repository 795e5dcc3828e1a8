import { seededRandom } from "../../../src/testing/arguments.ts";
import { eachAtOnce } from "../../support/users.ts";
import { deliveries, settingsOfChild } from "./storm-parts.ts";

const settings = settingsOfChild();
const { receivers = [], deliverMs = 0 } = settings;
const random = seededRandom(settings.seed + 2);
const all = deliveries(settings);
const startedAt = performance.now();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let repeated = 0;

async function deliver(number: number, version: number): Promise<boolean> {
  const receiver = receivers[Math.floor(random() * receivers.length)] as string;
  const headers = { "content-type": "application/json", "webhook-id": `${number}-${version}` };
  const body = JSON.stringify({ number, version });
  try {
    const { status } = await fetch(receiver, { method: "POST", headers, body, signal: AbortSignal.timeout(15_000) });
    return status < 300;
  } catch {
    return false;
  }
}

await eachAtOnce([...all.entries()], 12, async ([at, { number, version }]) => {
  const dueIn = startedAt + (at / all.length) * deliverMs - performance.now();
  if (dueIn > 0) await sleep(dueIn);
  while (!(await deliver(number, version))) {
    repeated += 1;
    await sleep(300);
  }
});
console.log(`done ${all.length} deliveries, ${repeated} repeated`);
