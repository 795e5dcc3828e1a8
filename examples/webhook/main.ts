/**
 * `npx tsx examples/webhook/main.ts`: the service of service.ts, a fake Oplead, and a source system that sends what
 * source systems send: repetitions, old news, nonsense; and a forger. Exits with 1 when an answer is not the one expected.
 */
import { createHmac } from "node:crypto";
import { createOplead } from "../../src/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { type EmployeeEvent, start } from "./service.ts";

const key = Buffer.from("a secret between sender and receiver");
const fake = createFakeOplead();
const { url: baseUrl, close: closeFake } = await fake.listen();
const oplead = createOplead({ token: "fake-token", baseUrl, retry: false });
const refused: string[] = [];
const service = await start(oplead, `whsec_${key.toString("base64")}`, ({ accountNumber, failed: [{ error }] }) => {
  refused.push(`${accountNumber}: ${error.code} ${error.status}`);
});

/** Sends as Standard Webhooks says; a forger has another key. */
async function send(id: string, body: string, signWith = key): Promise<{ status: number; told: string }> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", signWith).update(`${id}.${timestamp}.${body}`).digest("base64");
  const response = await fetch(service.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    },
    body,
  });
  const answer = (await response.json()) as { error?: string; results?: { outcome: string }[] };
  const retryAfter = response.headers.get("retry-after");
  const told = answer.results?.map(({ outcome }) => outcome).join(", ") ?? answer.error ?? "";
  return { status: response.status, told: told + (retryAfter ? `, come again in ${retryAfter} s` : "") };
}

const eve = (updatedAt: string, more: Partial<EmployeeEvent["employee"]> = {}): string =>
  JSON.stringify({
    type: "employee.updated",
    updatedAt,
    employee: {
      ...{ number: "E-17", title: "Mme", firstName: "Ève", lastName: "Petit", email: "eve@dealers.example" },
      ...{ zip: "01000", city: "Bourg-en-Bresse", role: "PRF_NETWORK" },
      ...more,
    },
  } satisfies EmployeeEvent);

let failures = 0;
let counted = 0;

/** One line for each delivery: what was sent, what was answered, how many requests reached Oplead. */
async function step(what: string, expected: string, answer: Promise<{ status: number; told: string }>): Promise<void> {
  const { status, told } = await answer;
  const requests = fake.requests.length - counted;
  counted = fake.requests.length;
  const line = `${status} ${told}`;
  const isRight = line === expected;
  if (!isRight) failures += 1;
  console.log(`${isRight ? "✓" : "✗"} ${what.padEnd(44)} ${line.padEnd(50)} ${requests} to Oplead`);
  if (!isRight) console.log(`  expected: ${expected}`);
}

await step("a new employee, with a radius", "200 created", send("m1", eve("2025-01-01T08:00:00Z", { radiusKm: 30 })));
await step("the same delivery again", "200 repeated", send("m1", eve("2025-01-01T08:00:00Z", { radiusKm: 30 })));
await step(
  "nothing new, in another delivery",
  "200 unchanged",
  send("m2", eve("2025-01-02T08:00:00Z", { radiusKm: 30 })),
);
await step("another radius", "200 updated", send("m3", eve("2025-01-04T08:00:00Z", { radiusKm: 50 })));
await step("news of the day before, late", "200 stale", send("m4", eve("2025-01-03T08:00:00Z", { radiusKm: 40 })));
await step(
  "an invoice",
  "200 ignored",
  send("m5", eve("2025-01-05T08:00:00Z").replace("employee.updated", "invoice.paid")),
);
await step(
  "a forged delivery",
  "401 invalid_signature",
  send("m6", eve("2025-01-06T08:00:00Z"), Buffer.from("guessed")),
);
await step("broken JSON", "400 invalid_json", send("m7", "{"));
await step("an employee without e-mail", "400 invalid_event", send("m8", eve("2025-01-07T08:00:00Z", { email: "" })));
await step(
  "a role that Oplead does not know",
  "200 failed",
  send("m9", eve("2025-01-08T08:00:00Z", { role: "PRF_NOBODY" })),
);
fake.fail({ as: { status: 503, retryAfter: 20 } });
const moved = eve("2025-01-09T08:00:00Z", { city: "Viriat", radiusKm: 50 });
await step("a move, while Oplead is down", "503 oplead_unavailable, come again in 20 s", send("m10", moved));
await step("the sender comes again", "200 updated", send("m10", moved));
const delay = fake.delay({ ms: 3_000 });
const married = eve("2025-01-10T08:00:00Z", { city: "Viriat", lastName: "Grand", radiusKm: 50 });
await step("a new name, while Oplead is slow", "503 slow, come again in 30 s", send("m11", married));
delay.remove();
await new Promise((resolve) => setTimeout(resolve, 2_000));
await step("the sender comes again: done meanwhile", "200 updated", send("m11", married));

const [user] = fake.users;
const state = `${fake.users.length} user, ${user?.address.city}, ${JSON.stringify(fake.rules("E-17")?.maxDistance)}`;
console.log(`\nOplead holds: ${state}\nrefused:      ${refused.join("; ")}`);
if (state !== '1 user, Viriat, {"maxDistance":50}' || user?.lastname !== "Grand") failures += 1;
if (refused.join() !== "E-17: refused 422") failures += 1;

await service.close();
await closeFake();
if (failures > 0) {
  console.error(`\n${failures} answer(s) differ from what was expected`);
  process.exitCode = 1;
}
