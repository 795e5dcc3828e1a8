/** The source's sender of webhooks: signs each event and repeats it until a receiver has accepted it. */
import { signDelivery } from "oplead-sdk/testing";
import { type EmployeeChanged, employeeAt } from "./employees.ts";

export interface Sender {
  readonly receivers: readonly string[];
  readonly secret: string;
  /** Over how long the events are spread, in milliseconds. */
  readonly forMs: number;
  readonly onAccepted: () => void;
}

export interface EmployeeEvent {
  readonly index: number;
  readonly version: number;
}

/** Every event belongs to one of the users: the versions 2, 3, … of each, in no order, and some twice. */
export function eventsFor(users: number, count: number): EmployeeEvent[] {
  const events: EmployeeEvent[] = [];
  for (let at = 0; at < count; at += 1) {
    // A tenth are repetitions, as senders make them when an answer is lost.
    const nth = at % 10 === 9 ? at - 1 : at;
    const place = (nth * 7) % count;
    events.push({ index: place % Math.min(users, Math.ceil(count / 2)), version: place < count / 2 ? 3 : 2 });
  }
  return events;
}

export async function send(events: readonly EmployeeEvent[], sender: Sender): Promise<{ readonly repeated: number }> {
  const startedAt = performance.now();
  const rest = events.entries();
  let repeated = 0;
  const one = async () => {
    for (const [at, event] of rest) {
      await sleep(startedAt + (at / events.length) * sender.forMs - performance.now());
      const receiver = sender.receivers[at % sender.receivers.length] as string;
      while (!(await deliver(event, receiver, sender.secret))) {
        repeated += 1;
        await sleep(300);
      }
      sender.onAccepted();
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  return { repeated };
}

async function deliver({ index, version }: EmployeeEvent, url: string, secret: string): Promise<boolean> {
  const event: EmployeeChanged = { employee: employeeAt(index, version) };
  const id = `msg_${index}_${version}`;
  try {
    const request = await signDelivery(event, { scheme: "standardWebhooks", secrets: [secret], url, id });
    const { status } = await fetch(request, { signal: AbortSignal.timeout(15_000) });
    return status < 300;
  } catch {
    return false;
  }
}

async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
