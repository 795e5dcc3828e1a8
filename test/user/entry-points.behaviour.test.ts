import { describe, expect, it, onTestFinished } from "vitest";
import type { OpleadOptions, UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import { memoryLedger, planSync, reconcileUser, syncUsers } from "../../src/sync/index.ts";
import { createUserWebhook } from "../../src/webhook/index.ts";
import { failureOf } from "../support/failure.ts";
import { openWorld } from "../support/sync-users.ts";
import { user } from "../support/users.ts";

async function open(options: OpleadOptions = {}) {
  const world = await openWorld();
  onTestFinished(() => world.close());
  return { fake: world.fake, oplead: world.connect(options) };
}

const logger = { debug() {}, info() {}, warn() {}, error() {} };

type Entry = (oplead: Awaited<ReturnType<typeof open>>["oplead"], given: UserInput) => Promise<string[]>;

const refused = async (call: Promise<unknown>) => {
  const { code, issues = [] } = await failureOf(call);
  return [code, ...issues.map(({ code, path }) => `${path} ${code}`)];
};

const ENTRIES: Record<string, Entry> = {
  upsertUser: (oplead, given) => refused(oplead.upsertUser(given)),
  "upsertUser with an id": (oplead, given) => refused(oplead.upsertUser(given, { id: "7" })),
  createUser: (oplead, given) => refused(oplead.createUser(given)),
  updateUser: (oplead, given) => refused(oplead.updateUser("7", given)),
  reconcileUser: (oplead, given) =>
    refused(
      reconcileUser(oplead, memoryLedger(), { user: given }).then(({ failed }) => {
        throw failed[0]?.error;
      }),
    ),
  planSync: async (oplead, given) => {
    const invalid = among(
      (await planSync(oplead, { source: [given], map: (user) => ({ user }), ledger: memoryLedger() })).findings,
      "invalid",
    );
    return ["invalid_input", ...invalid.flatMap(({ issues }) => issues.map(({ code, path }) => `${path} ${code}`))];
  },
  webhook: async (oplead, given) => {
    const handler = createUserWebhook(oplead.with({ logger }), { verify: "none", map: () => ({ user: given }) });
    const headers = { "content-type": "application/json" };
    const answer = await handler(new Request("https://hooks.example/", { method: "POST", body: "{}", headers }));
    const { issues } = (await answer.json()) as { issues: { path: string; code: string }[] };
    return ["invalid_input", ...issues.map(({ code, path }) => `${path.replace("user.", "")} ${code}`)];
  },
};

describe.each(Object.entries(ENTRIES))("%s", (name, entry) => {
  it(`${name} refuses an account number of digits only, and sends nothing`, async () => {
    const { fake, oplead } = await open();
    expect(await entry(oplead, user(1, { accountNumber: "100001" }))).toEqual([
      "invalid_input",
      "accountNumber digits_only",
    ]);
    expect(fake.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it(`${name} refuses a field that resembles a known one, and sends nothing`, async () => {
    const { fake, oplead } = await open();
    const given = { ...user(1), parentUserIdentifer: "ACC-0", firtsname: "Zoé" };
    expect(await entry(oplead, given)).toEqual([
      "invalid_input",
      "parentUserIdentifer similar_field",
      "firtsname similar_field",
    ]);
    expect(fake.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it(`${name} refuses a field that customFields does not list, and sends nothing`, async () => {
    const { fake, oplead } = await open({ platform: { customFields: ["region"] } });
    expect(await entry(oplead, { ...user(1), colour: "red" } as UserInput)).toEqual([
      "invalid_input",
      "colour unknown_field",
    ]);
    expect(fake.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

it("an account number of digits does not take over the user who has that ID", async () => {
  const { fake, oplead } = await open();
  const { id } = await oplead.upsertUser(user(1));
  await failureOf(oplead.upsertUser(user(2, { accountNumber: id })));
  expect(fake.users).toMatchObject([{ id, accountNumber: "ACC-1", lastname: "Martin-1" }]);
});

it("a client with numericAccountNumbers sends an account number of digits", async () => {
  const { fake, oplead } = await open({ platform: { numericAccountNumbers: true } });
  await oplead.upsertUser(user(1, { accountNumber: "7001" }));
  expect(fake.users).toMatchObject([{ accountNumber: "7001" }]);
});

it("digits name a user by its ID in updateUser, in setRules and as a parent", async () => {
  const { fake, oplead } = await open();
  const { id } = await oplead.upsertUser(user(1));
  await oplead.updateUser(id, user(1, { lastname: "Newer" }));
  await oplead.setRules(id, { maxDistance: 5 });
  await oplead.upsertUser(user(2, { profile: { code: "PRF_REGION" }, parentUserIdentifier: id }));
  expect(fake.users).toMatchObject([{ lastname: "Newer" }, { parentUserIdentifier: id }]);
});

it("a second run sends nothing if a custom field has only moved from custom to the top level of the user", async () => {
  const { fake, oplead } = await open();
  const ledger = memoryLedger();
  const map = (user: UserInput) => ({ user });
  await syncUsers(oplead, { source: [user(1, { custom: { region: "R" } })], map, ledger });
  expect(fake.users).toMatchObject([{ region: "R" }]);
  const { counts } = await syncUsers(oplead, { source: [{ ...user(1), region: "R" }], map, ledger });
  expect(counts).toMatchObject({ unchanged: 1, updated: 0 });
});
