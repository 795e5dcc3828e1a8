import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { messagesOf, webReceiver } from "../support/alert-receivers.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../support/command.ts";
import { folderWith } from "../support/folder.ts";

async function project(lines = "") {
  const platform = await openPlatform();
  const [json, heartbeat] = [await webReceiver("json"), await webReceiver("heartbeat")];
  const { webhook } = json.target as { readonly webhook: string };
  const env = { ...platform.env, HOOK: webhook, BEAT: (heartbeat.target as { readonly heartbeat: string }).heartbeat };
  const notify = `notify: { targets: [{ webhook: env("HOOK"), format: "json" }, { heartbeat: env("BEAT") }], timeoutMs: 2_000 },`;
  const folder = await folderWith({
    "oplead.config.mjs": configWith(`${notify} ${lines} targets: { other: {} },`),
    "dealers.csv": dealersCsv(3),
  });
  const run = (...args: string[]) => oplead(folder, args, { env });
  const beats = (): boolean[] => heartbeat.accepted.map((url) => !url.endsWith("/fail"));
  return { platform, folder, json, heartbeat, env, run, beats };
}

it("a receiver that hangs or fails causes a warning without its address, and changes neither report, audit nor exit code", async () => {
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

it("one alert says that a ledger cannot be opened, however often the nightly run is repeated, and one later alert says that the ledger can be opened again", async () => {
  const { folder, json, run } = await project();
  expect(await run("sync")).toMatchObject({ code: 0 });
  const path = join(folder, "oplead-ledger");
  renameSync(path, `${path}.away`);
  writeFileSync(path, "no folder");
  for (const _ of [1, 2]) expect((await run("sync")).code).toBe(1);
  rmSync(path);
  renameSync(`${path}.away`, path);
  for (const _ of [1, 2]) expect((await run("sync")).code).toBe(0);
  expect(messagesOf(json).map(({ state, reasons }) => [state, reasons[0]?.code])).toEqual([
    ["begun", "ledger_unavailable"],
    ["over", "ledger_unavailable"],
  ]);
  expect(statSync(join(folder, "oplead-alerts.json")).mode & 0o077).toBe(0);
});
