import type { ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { internalsOf } from "../../src/client/client-state.ts";
import { createOplead, type OpleadLogger } from "../../src/index.ts";
import { bindLedger as bindTo, describe as nameOf } from "../../src/ledger/bind.ts";
import type { Ledger, LedgerPlatform } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { connect, json, serve, unusedPort } from "../support/servers.ts";
import { standIn } from "../support/stand-in.ts";
import { user } from "../support/users.ts";

const staging = { baseUrl: "https://staging.example" };
const production = { baseUrl: "https://production.example", name: "France" };

interface Options {
  adoptPlatform?: boolean;
  readOnly?: boolean;
  logger?: OpleadLogger;
}

async function bindLedger(ledger: Ledger, { baseUrl, name }: LedgerPlatform, { logger, ...how }: Options = {}) {
  const oplead = createOplead({
    token: "token",
    baseUrl,
    ...(name === undefined ? {} : { platform: { name } }),
    logger,
  });
  internalsOf(oplead).transport.platform.hasAnswered = true;
  await bindTo(ledger, oplead, how);
}

function lines() {
  const all: string[] = [];
  const write = (message: string) => void all.push(message);
  return { all, logger: { debug: write, info: write, warn: write, error: write } };
}

const change = { user: user(1) };
const platformIn = async (ledger: Ledger) => (await ledger.getInfo())?.platform?.baseUrl;

it.each([
  ["nobody answers", undefined],
  ["a gateway answers with a page", (response: ServerResponse) => response.writeHead(404).end("<html>")],
  [
    "something else answers 401 in JSON",
    (response: ServerResponse) => json(response, 401, { message: "Unauthorized" }),
  ],
  ["something else answers 404 in JSON", (response: ServerResponse) => json(response, 404, { message: "no Route" })],
])("an address where %s does not bind the ledger, so the right address can still bind it", async (_what, answer) => {
  const wrong = answer ? (await serve(answer)).url : `http://127.0.0.1:${await unusedPort()}`;
  const ledger = memoryLedger();
  const { all, logger } = lines();
  const options = { retry: false, logger } as const;
  const result = await reconcileUser(connect(wrong, options), ledger, change);
  expect(result.failed).toHaveLength(1);
  expect(await platformIn(ledger)).toBeUndefined();
  const platform = await standIn();
  expect(await reconcileUser(connect(platform.url, options), ledger, change)).toMatchObject({ outcome: "created" });
  expect(await platformIn(ledger)).toBe(platform.url);
  expect(all.filter((line) => line.includes("now belongs to"))).toHaveLength(1);
  const elsewhere = await standIn();
  await expect(reconcileUser(connect(elsewhere.url), ledger, change)).rejects.toMatchObject({
    code: "ledger_mismatch",
  });
});

it("an update whose answer has no content binds the ledger too, if it has the user's id", async () => {
  const server = await serve((response) => response.writeHead(204).end());
  const ledger = memoryLedger();
  await ledger.replace("ACC-1", 0, { revision: 1, id: "7", rules: {}, at: 1 });
  expect(await reconcileUser(connect(server.url), ledger, change)).toMatchObject({ outcome: "updated", failed: [] });
  expect(await platformIn(ledger)).toBe(server.url);
});

it("Oplead's own refusal binds the ledger to the platform, also anew with adoptPlatform", async () => {
  const ledger = memoryLedger();
  await bindLedger(ledger, production);
  const refused = { user: user(1, { email: "none@x.y" }), rules: {} };
  const server = await serve((response, { method }) =>
    method === "POST" ? json(response, 422, { errors: [{ field: "email" }] }) : json(response, 404, { code: 404 }),
  );
  const options = { adoptPlatform: true };
  await reconcileUser(connect(`http://127.0.0.1:${await unusedPort()}`, { retry: false }), ledger, refused, options);
  expect(await platformIn(ledger)).toBe(production.baseUrl);
  expect(await reconcileUser(connect(server.url), ledger, refused, options)).toMatchObject({ outcome: "failed" });
  expect(await platformIn(ledger)).toBe(server.url);
});

it("bindLedger refuses a ledger of another platform, names both and says what to do", async () => {
  const ledger = memoryLedger();
  await bindLedger(ledger, staging);
  const error = await bindLedger(ledger, production).catch((error) => error);
  expect(error).toMatchObject({ code: "ledger_mismatch", retryable: false });
  expect(error.message).toContain(nameOf(staging));
  expect(error.message).toContain("https://production.example (France)");
  expect(error.message).toContain("advanced: { adoptPlatform: true }");
  expect(await ledger.getInfo()).toMatchObject({ platform: staging });
});

it("bindLedger refuses a client with another platform name, or no name, under the same base URL", async () => {
  const ledger = memoryLedger();
  await bindLedger(ledger, production);
  for (const name of [undefined, "Belgium"]) {
    const platform = { baseUrl: production.baseUrl, name };
    await expect(bindLedger(ledger, platform)).rejects.toMatchObject({ code: "ledger_mismatch" });
  }
});

it("bindLedger writes nothing into a ledger that may only be read, and refuses that of another platform", async () => {
  const ledger = memoryLedger();
  await bindLedger(ledger, staging, { readOnly: true });
  expect(await ledger.getInfo()).toBeUndefined();
  await bindLedger(ledger, staging);
  await expect(bindLedger(ledger, production, { readOnly: true })).rejects.toMatchObject({ code: "ledger_mismatch" });
});
