import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { calibrate } from "../../src/coverage/index.ts";
import { createLeadWebhook, type LeadWebhookOptions, leadFiles, readLeadFiles } from "../../src/leads/index.ts";
import { hmacSignature, toNodeListener } from "../../src/webhook/index.ts";
import { folderWith } from "../support/folder.ts";

const SECRET = "a-secret-of-the-platform-0123456789";
const NOW = Date.parse("2026-03-12T10:00:00Z");

/** The payload is not documented: this is one that it may be. */
interface Assigned {
  readonly id?: string;
  readonly at?: string;
  readonly zip?: string;
  readonly user?: string;
  readonly range?: string;
  readonly contact?: object;
}

const leadOf = ({ at = "2026-03-12T08:30:00Z", zip = "29200", user = "BREST", range, contact }: Assigned) => ({
  ...{ country: "FR", zipCode: zip, accountNumber: user, at, range },
  // A careless function hands on what it has.
  ...{ coordinates: [48.390123, -4.486321] as const, lastname: "Dupont", contact },
});

async function receiver(options: Partial<LeadWebhookOptions<Assigned>> = {}) {
  const folder = await folderWith();
  const lines: string[] = [];
  const log = (message: string, fields: object) => void lines.push(message, JSON.stringify(fields));
  const files = leadFiles({ folder, now: options.now ?? (() => NOW) });
  const handler = createLeadWebhook<Assigned>({
    verify: hmacSignature({ header: "x-signature", encoding: "hex", secrets: [SECRET] }),
    deliveryId: (event) => event.id,
    logger: { debug: log, info: log, warn: log, error: log },
    now: () => NOW,
    leadOf,
    store: files.store,
    ...options,
  });
  const server = createServer(toNodeListener(handler)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(SECRET),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const send = async (event: object, headers: Record<string, string> = {}) => {
    const body = JSON.stringify(event);
    const signature = Buffer.from(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(body))).toString(
      "hex",
    );
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "x-signature": signature, ...headers },
    });
    return { status: answer.status, text: await answer.text() };
  };
  const stored = () =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  return { folder, files, lines, send, stored };
}

it("a lead webhook keeps place, codes, account number and time in a private file of the day, and calibrate takes what is read back", async () => {
  const { folder, send } = await receiver();
  expect(await send({ id: "1", range: "RNG_CARS" })).toEqual({
    status: 200,
    text: '{"results":[{"outcome":"stored"}],"testMode":false}',
  });
  expect(readdirSync(folder)).toEqual(["leads.2026-03-12.jsonl"]);
  expect(statSync(join(folder, "leads.2026-03-12.jsonl")).mode & 0o777).toBe(0o600);
  const { leads, places, damaged } = await readLeadFiles(folder);
  expect(leads).toEqual([
    { country: "FR", zipCode: "29200", range: "RNG_CARS", accountNumber: "BREST", at: "2026-03-12T08:30:00.000Z" },
  ]);
  expect({ places, damaged }).toEqual({ places: ["leads.2026-03-12.jsonl:1"], damaged: [] });
  const user = { accountNumber: "BREST", address: { zipCode: "29200", country: { code: "FR" } } };
  const universe = { countries: [{ code: "FR", label: "France", counties: [] }] };
  const result = await calibrate(leads, [{ user, rules: {} }], { universe, candidates: [{}] });
  expect(result.observations).toBe(1);
});

it("no byte that a lead webhook stores or logs holds a name, a phone number or an e-mail address of its event, its headers or its errors", async () => {
  const planted = ["Dupont", "Jeanne", "jeanne.dupont@mail.example", "0612345678", "06 12 34 56 78", "48.390123"];
  const contact = { lastname: "Dupont", firstname: "Jeanne", email: planted[2], phone: planted[3] };
  const { lines, send, stored } = await receiver({
    leadOf: (event) => {
      if (event.range === "throw") throw new Error(`cannot read ${JSON.stringify(event.contact)}`);
      if (event.range === "reject")
        return Promise.reject(Object.assign(new Error("Dupont"), { name: "Jeanne Dupont" }));
      return leadOf(event);
    },
  });
  const headers = { "x-contact": "Jeanne Dupont", "x-email": "jeanne.dupont@mail.example" };
  const statuses: number[] = [];
  const texts: string[] = [];
  for (const event of [
    { id: "jeanne.dupont@mail.example", contact },
    { id: "a", contact, at: "2026-03-12 (Jeanne Dupont)" },
    { id: "b", contact, range: "throw" },
    { id: "c", contact, range: "reject" },
    { id: "d", contact, range: "Jeanne Dupont" },
    { id: "e", contact, zip: "jeanne.dupont@mail.example" },
    { id: "f", contact, zip: "06 12 34 56 78 90" },
    { id: "g", contact, at: "Dupont" },
  ]) {
    const { status, text } = await send(event, headers);
    statuses.push(status);
    texts.push(text);
  }
  expect(statuses).toEqual([200, 200, 500, 500, 400, 400, 400, 400]);
  expect(stored().split("\n").filter(Boolean)).toHaveLength(2);
  for (const secret of planted)
    for (const written of [stored(), lines.join("\n"), ...texts]) expect(written).not.toContain(secret);
});

it("a lead webhook counts a repeated delivery once, also for a process that starts anew", async () => {
  const first = await receiver();
  await first.send({ id: "1" });
  expect((await first.send({ id: "1" })).text).toContain("repeated");
  const second = await receiver({ store: first.files.store });
  await second.send({ id: "1" });
  await second.send({ id: "2" });
  expect(first.stored().split("\n").filter(Boolean)).toHaveLength(3);
  const { leads, repeated } = await readLeadFiles(first.folder);
  expect({ leads: leads.length, repeated }).toEqual({ leads: 2, repeated: 1 });
});

it("a lead webhook refuses what is forged, too large, not JSON or not as its schema says, and stores nothing of it", async () => {
  const { folder, send } = await receiver({
    event: z.object({ id: z.string(), user: z.string() }),
    maxBodyBytes: 500,
  });
  expect((await send({ id: "1", user: "A" }, { "x-signature": "00" })).status).toBe(401);
  expect((await send({ id: "1", user: "A", more: "x".repeat(600) })).status).toBe(413);
  expect((await send({ id: "1", user: 5 })).status).toBe(400);
  expect((await send({ id: "1", user: "A" }, { "content-type": "text/plain" })).status).toBe(415);
  expect(readdirSync(folder)).toEqual([]);
  expect((await send({ id: "1", user: "A" })).status).toBe(200);
});

it("a lead webhook asks for a lead again that could not be stored, and then stores it", async () => {
  const folder = await folderWith();
  let isFull = true;
  const files = leadFiles({ folder, now: () => NOW });
  const { send } = await receiver({
    store: (leads) => {
      if (isFull) throw Object.assign(new Error("Dupont"), { code: "ENOSPC" });
      files.store(leads);
    },
  });
  expect((await send({ id: "1" })).status).toBe(503);
  isFull = false;
  expect((await send({ id: "1" })).status).toBe(200);
  expect((await readLeadFiles(folder)).leads).toHaveLength(1);
});

it("a lead that is dated in 1970 or in the future is kept, and told", async () => {
  const { folder, lines, send } = await receiver();
  await send({ id: "1", at: "1970-01-01T00:00:01Z" });
  await send({ id: "2", at: "2030-01-01" });
  await send({ id: "3", at: "2026-03-12T09:00:00Z" });
  expect(lines.filter((line) => line.includes("lies in the future or before 2000"))).toHaveLength(2);
  expect((await readLeadFiles(folder)).leads).toHaveLength(3);
});

it("a line that a killed process left half is told, swallows no other lead, and a foreign line is told as well", async () => {
  const { folder, send } = await receiver();
  await send({ id: "1" });
  await send({ id: "2" });
  const file = join(folder, "leads.2026-03-12.jsonl");
  truncateSync(file, statSync(file).size - 20);
  const again = leadFiles({ folder, now: () => NOW });
  again.store([{ country: "FR", zipCode: "35000", accountNumber: "RENNES", at: "2026-03-12" }]);
  writeFileSync(
    file,
    `${readFileSync(file, "utf8")}{"version":1,"country":"FR","accountNumber":"","at":"2026-03-12"}\nnonsense\n`,
  );
  const { leads, damaged, places } = await readLeadFiles(folder);
  expect(leads.map(({ accountNumber }) => accountNumber)).toEqual(["BREST", "RENNES"]);
  expect(damaged).toEqual([2, 4, 5].map((line) => `leads.2026-03-12.jsonl:${line}`));
  expect(places).toEqual(["leads.2026-03-12.jsonl:1", "leads.2026-03-12.jsonl:3"]);
});

it("leadFiles begins a file with each day (UTC) and deletes those that are older than keepDays", async () => {
  const folder = join(await folderWith(), "deep", "leads");
  let now = Date.parse("2026-03-01T23:59:59Z");
  const files = leadFiles({ folder, keepDays: 10, now: () => now });
  const lead = { country: "FR", zipCode: "29200", accountNumber: "BREST", at: "2026-03-01" };
  files.store([lead]);
  now += 2_000;
  files.store([lead]);
  expect(readdirSync(folder)).toEqual(["leads.2026-03-01.jsonl", "leads.2026-03-02.jsonl"]);
  now += 10 * 86_400_000;
  files.store([lead]);
  expect(readdirSync(folder)).toEqual(["leads.2026-03-02.jsonl", "leads.2026-03-12.jsonl"]);
  files.close();
  await expect(readLeadFiles(join(folder, "absent"))).rejects.toMatchObject({ code: "audit_unavailable" });
});

it("leadOf may give several leads or none, and one that forgot to return is an error", async () => {
  const { folder, send } = await receiver({
    leadOf: (event) => {
      if (event.range === "none") return null;
      if (event.range === "forgot") return undefined as never;
      return [leadOf(event), leadOf({ ...event, user: "QUIMPER" })];
    },
  });
  expect((await send({ id: "1" })).text).toContain('[{"outcome":"stored"},{"outcome":"stored"}]');
  expect((await send({ id: "2", range: "none" })).text).toContain("ignored");
  expect((await send({ id: "3", range: "forgot" })).status).toBe(500);
  expect((await readLeadFiles(folder)).leads.map(({ accountNumber }) => accountNumber)).toEqual(["BREST", "QUIMPER"]);
});

it("createLeadWebhook and leadFiles list every wrong option at once", () => {
  expect(() => createLeadWebhook({ verify: "some", leadOf: 1, store: undefined } as never)).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      issues: expect.arrayContaining(["verify", "leadOf", "store"].map((path) => expect.objectContaining({ path }))),
    }),
  );
  expect(() => leadFiles({ folder: "", keepDays: 0 })).toThrow(expect.objectContaining({ code: "invalid_options" }));
});
