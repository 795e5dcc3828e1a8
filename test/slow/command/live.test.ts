import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freePort } from "../../../examples/cluster/free-port.ts";
import { type Ended, onPlatform, oplead, said } from "../../support/command.ts";
import { project } from "./project.ts";

const json = ({ stdout }: Ended) => JSON.parse(stdout);

const webhook = `
    webhook: {
      verify: standardWebhooks({ secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] }),
      map: ({ ref, zip }) => ({ user: { accountNumber: ref, civility: "Mme", lastname: "Petit", login: ref,
        email: ref + "@dealers.example", profile: { code: "PRF_NETWORK" },
        address: { zipCode: zip, city: "Brest", country: { code: "FR" } } } }),
    },
    trigger: { scheme: "standardWebhooks", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] },
    targets: { forger: { trigger: { scheme: "standardWebhooks", secrets: ["whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] } } },`;

it("serve accepts a delivery that trigger signs, refuses a forged one, and ends on SIGTERM", async () => {
  const { fake, folder, run } = await onPlatform(project(3, webhook));
  const file = join(folder, "oplead.config.mjs");
  writeFileSync(file, `import { standardWebhooks } from "oplead-sdk/webhook";\n${readFileSync(file, "utf8")}`);
  writeFileSync(join(folder, "event.json"), '{"ref":"W-1","zip":"29200"}');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const serving = run(["serve", "--port", String(port)], {
    onStart: async (child) => {
      await said(child, "Receiving deliveries");
      const health = await fetch(`${url}healthz`);
      expect(await health.json()).toMatchObject({ status: "ok" });
      const sent = await run(["trigger", "event.json", "--to", url, "--json"]);
      expect(sent.code).toBe(0);
      expect(json(sent)).toMatchObject({ status: 200 });
      const forged = await run(["trigger", "event.json", "--to", url, "--target", "forger"]);
      expect(forged.code).toBe(1);
      expect(forged.stdout).toContain("401");
      child.kill("SIGTERM");
    },
  });
  expect(await serving).toMatchObject({ code: 0 });
  expect(fake.user("W-1")?.lastname).toBe("Petit");
  const gone = await run(["trigger", "event.json", "--to", url]);
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain("cannot be reached");
});

it("fake has the users and faults of its options, and says that a port is in use", async () => {
  const folder = await project();
  const port = await freePort();
  const args = ["fake", "--port", String(port), "--users", "5", "--faults", "5%"];
  const env = { OPLEAD_BASE_URL: `http://127.0.0.1:${port}`, OPLEAD_TOKEN: "fake-token" };
  const running = oplead(folder, args, {
    onStart: async (child) => {
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${port}/v1/types/countries`).catch(() => undefined);
        if (answer) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const second = await oplead(folder, args);
      expect(second.code).toBe(1);
      expect(second.stderr).toContain("EADDRINUSE");
      expect(await oplead(folder, "sync", { env })).toMatchObject({ code: 0 });
      child.kill("SIGINT");
    },
  });
  const ended = await running;
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr).toContain("8 users");
  expect(ended.stderr).toContain("no duplicates");
  expect(existsSync(join(folder, "oplead-ledger"))).toBe(true);
});
