import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { messagesOf, type Receiver, webReceiver } from "../../support/alert-receivers.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { installedFolder } from "./project.ts";

const titles = (receiver: Receiver) => messagesOf(receiver).map(({ state, night }) => `${state} ${night}`);

async function project() {
  const platform = await openPlatform();
  const [json, heartbeat] = [await webReceiver("json"), await webReceiver("heartbeat")];
  const { webhook } = json.target as { readonly webhook: string };
  const env = { ...platform.env, HOOK: webhook, BEAT: (heartbeat.target as { readonly heartbeat: string }).heartbeat };
  const notify = `notify: { targets: [{ webhook: env("HOOK"), format: "json" }, { heartbeat: env("BEAT") }], timeoutMs: 2_000 },`;
  const folder = await installedFolder({
    "oplead.config.mjs": configWith(`${notify} targets: { other: {} },`),
    "dealers.csv": dealersCsv(3),
  });
  const run = (...args: string[]) => oplead(folder, args, { env });
  return { folder, json, heartbeat, run };
}

it("runs that end at once tell one message for each platform, and one when it works again", async () => {
  const { folder, json, run } = await project();
  const several = ["", "--target=other"].flatMap((target) => [1, 2, 3].map(() => target));
  const nights = () => Promise.all(several.map((target) => run("sync", ...(target === "" ? [] : [target]))));
  const told = () =>
    messagesOf(json)
      .map(({ state, name }) => `${state} ${name}`)
      .sort();
  rmSync(join(folder, "dealers.csv"));
  expect((await nights()).map(({ code }) => code)).toEqual(several.map(() => 1));
  const begun = ["begun other", "begun undefined"];
  expect(told()).toEqual(begun);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3));
  for (const target of several.slice(2, 4)) expect((await run("sync", ...(target ? [target] : []))).code).toBe(0);
  expect(told()).toEqual([...begun, "over other", "over undefined"]);
});

it("doctor --notify says which targets accepted a sample, and exits with 1 if one did not", async () => {
  const { json, run } = await project();
  const fine = await run("doctor", "--notify");
  expect(fine.stdout).toContain(
    "✓ Notify, notify[0] (json): a sample was sent\n✓ Notify, notify[1] (heartbeat): a sample",
  );
  expect(titles(json)).toEqual(["sample sample"]);
  json.mood = 404;
  const wrong = await run("doctor", "--notify", "--json");
  expect(wrong.code).toBe(1);
  const { checks } = JSON.parse(wrong.stdout);
  expect(checks).toContainEqual(
    expect.objectContaining({ name: "Notify, notify[0] (json)", code: "sample_not_sent", message: "answered 404" }),
  );
});

it("a receiver that hangs or fails causes a warning without its address, and changes nothing else", async () => {
  const { folder, json, heartbeat, run } = await project();
  json.mood = "hang";
  heartbeat.mood = 500;
  rmSync(join(folder, "dealers.csv"));
  const { code, stderr, stdout } = await run("sync", "--report", "night.json");
  expect(code).toBe(1);
  expect(stderr).toContain("Warning: notify[0] (json): the alert was not sent (no answer within 2000 ms).");
  expect(stderr).toContain("Warning: notify[1] (heartbeat): the alert was not sent (answered 500).");
  expect([json.asked, heartbeat.asked]).toEqual([2, 2]);
  expect(JSON.parse(readFileSync(join(folder, "night.json"), "utf8"))).toMatchObject({ status: "failed", exitCode: 1 });
  const audit = readFileSync(join(folder, "oplead-audit.jsonl"), "utf8");
  expect(audit).toContain('"status":"failed"');
  expect([stdout, stderr, audit].join()).not.toMatch(/T0KEN|\/services\//);
});
