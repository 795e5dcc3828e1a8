import { expect, it } from "vitest";
import { configWith, onPlatform, said } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { requestCount, sampleOf } from "../../support/prometheus.ts";

const WEBHOOK = `labels: "name", guard: { segments: "zip" }, webhook: { verify: "none", deliveryId: "webhook-id", map: ({ ref }) => ({ user: {
  accountNumber: ref, civility: "Mme", lastname: "Martin", login: ref, email: ref + "@dealers.example",
  profile: { code: "PRF_NETWORK" }, address: { zipCode: "29000", city: "Quimper", country: { code: "FR" } },
} }) },`;

it("oplead serve answers health checks and Prometheus on a second port until it has stopped", async () => {
  const { fake, run } = await onPlatform(folderWith({ "oplead.config.mjs": configWith(WEBHOOK) }));
  let lines = "";
  const args = ["serve", "--port", "0", "--metrics-port", "0", "--drain-ms", "1500"];
  const serving = run(args, {
    onStart: async (child) => {
      child.stderr?.on("data", (chunk) => {
        lines += chunk;
      });
      await said(child, "Receiving deliveries");
      const [, webhook = ""] = /deliveries at (\S+)\//.exec(lines) ?? [];
      const [, metrics = ""] = /Metrics at (\S+)\/metrics/.exec(lines) ?? [];
      expect(metrics).toMatch(/^http:\/\/127\.0\.0\.1:/);
      const deliver = async (body: unknown) => {
        const headers = { "content-type": "application/json" };
        return (await fetch(webhook, { method: "POST", headers, body: JSON.stringify(body) })).status;
      };
      const ready = async (url: string) => {
        const response = await fetch(`${url}/readyz`);
        return [response.status, await response.json()] as const;
      };
      const well = { status: "ready", checks: { ledger: { status: "ok" }, token: { status: "ok" } } };
      for (let i = 0; i < 10; i += 1) {
        expect(await ready(webhook)).toEqual([200, well]);
        expect(await ready(metrics)).toEqual([200, well]);
      }
      expect(fake.requests.map(({ operation }) => operation)).toEqual(["listCountries"]);

      expect([await deliver({ ref: "W-1" }), await deliver({ ref: "W-2" }), await deliver({ ref: "W-1" })]).toEqual([
        200, 200, 200,
      ]);
      fake.fail({ as: { status: 503 }, on: "updateUser", times: 2 });
      expect(await deliver({ ref: "W-3" })).toBe(503);
      expect((await fetch(`${webhook}/metrics`)).status).toBe(405);
      const text = await (await fetch(`${metrics}/metrics`)).text();
      expect(sampleOf(text, "oplead_deliveries_total", { status: "200" })).toBe(3);
      expect(sampleOf(text, "oplead_deliveries_total", { status: "503" })).toBe(1);
      expect(sampleOf(text, "oplead_users_total", { oplead_outcome: "created" })).toBe(2);
      expect(sampleOf(text, "oplead_users_total", { oplead_outcome: "unchanged" })).toBe(1);
      expect(sampleOf(text, "oplead_ready", { check: "ledger" })).toBe(1);
      for (const operation of ["createUser", "updateUser"]) {
        for (const status of new Set(fake.requests.map((request) => request.status))) {
          const seen = fake.requests.filter((request) => request.operation === operation && request.status === status);
          expect(requestCount(text, operation, status), `${operation} ${status}`).toBe(seen.length);
        }
      }
      expect(text).not.toMatch(/W-\d|dealers\.example|fake-token/);

      const stopping = said(child, "Stopping");
      child.kill("SIGTERM");
      await stopping;
      for (const url of [webhook, metrics]) {
        expect(await ready(url)).toEqual([503, { status: "stopping" }]);
        expect((await fetch(`${url}/healthz`)).status).toBe(200);
      }
      expect(await deliver({})).toBe(400);
    },
  });
  expect(await serving).toMatchObject({ code: 0 });
});

it("oplead serve without --metrics-port opens one port, and ends if a port is taken", async () => {
  const { env, run } = await onPlatform(folderWith({ "oplead.config.mjs": configWith(WEBHOOK) }));
  const port = new URL(env.OPLEAD_BASE_URL ?? "").port;
  const taken = await run(["serve", "--port", "0", "--metrics-port", port]);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining(`127.0.0.1:${port} (EADDRINUSE)`) });
  const both = await run(["serve", "--port", port, "--metrics-port", "0"]);
  expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining(`127.0.0.1:${port} (EADDRINUSE)`) });
  const alone = run("serve --port 0", {
    onStart: async (child) => {
      await said(child, "Receiving deliveries");
      child.kill("SIGTERM");
    },
  });
  expect((await alone).stderr).not.toContain("Metrics at");
});
