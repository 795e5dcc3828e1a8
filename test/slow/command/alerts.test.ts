import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fileLedger } from "../../../src/sync/index.ts";
import { messagesOf, type Receiver, webReceiver } from "../../support/alert-receivers.ts";
import { configWith, dealersCsv, openPlatform, oplead } from "../../support/command.ts";
import { installedFolder } from "./project.ts";

const titles = (receiver: Receiver) => messagesOf(receiver).map(({ state, night }) => `${state} ${night}`);

async function project(lines = "") {
  const platform = await openPlatform();
  const [json, heartbeat] = [await webReceiver("json"), await webReceiver("heartbeat")];
  const { webhook } = json.target as { readonly webhook: string };
  const env = { ...platform.env, HOOK: webhook, BEAT: (heartbeat.target as { readonly heartbeat: string }).heartbeat };
  const notify = `notify: { targets: [{ webhook: env("HOOK"), format: "json" }, { heartbeat: env("BEAT") }], timeoutMs: 2_000 },`;
  const folder = await installedFolder({
    "oplead.config.mjs": configWith(`${notify} ${lines} targets: { other: {} },`),
    "dealers.csv": dealersCsv(3),
  });
  const run = (...args: string[]) => oplead(folder, args, { env });
  const beats = () => heartbeat.accepted.map((url) => !url.endsWith("/fail"));
  return { platform, folder, json, heartbeat, env, run, beats };
}

it("sync sends one alert with the reason on a day on which runs fail or are refused, keeps the exit code, and sends a message when a run succeeds again", async () => {
  const { folder, json, run, beats } = await project();
  expect((await run("sync")).code).toBe(0);
  rmSync(join(folder, "dealers.csv"));
  for (const _ of [1, 2]) expect((await run("sync", "--target", "other")).code).toBe(1);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(0));
  expect((await run("sync")).code).toBe(3);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(3));
  expect((await run("sync")).code).toBe(0);
  // All runs are on one day.
  expect(titles(json)).toEqual(["begun failed", "over refused"]);
  expect(messagesOf(json)[0]?.reasons[0]?.message).toMatch(
    /^The source could not be read\. .*dealers\.csv: the file does not exist\.$/,
  );
  expect(messagesOf(json)[0]).toMatchObject({ name: "other", command: "npx oplead-sdk doctor --target other" });
  expect(beats()).toEqual([true, false, false, false, true]);
});

it("sync sends one alert about a ledger that another process has open, and plan, retry and trials send none", async () => {
  const { folder, json, run, beats } = await project();
  const held = fileLedger(join(folder, "oplead-ledger"));
  await held.getInfo();
  for (const _ of [1, 2]) expect((await run("sync")).code).toBe(1);
  expect(titles(json)).toEqual(["begun failed"]);
  expect((await run("plan")).code).toBe(1);
  expect((await run("retry", "DLR-1")).code).toBe(1);
  await held.close();
  expect((await run("sync", "--target", "fake")).code).toBe(0);
  expect((await run("apply")).code).toBe(1);
  expect([json.asked, beats().length]).toEqual([1, 2]);
});

it("doctor --notify sends a sample to each target, says which targets accepted it, and ends with exit code 1 if a sample has not arrived", async () => {
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

it("a notify option that is wrong, missing or names a variable that is not set is refused with its path and without the address", async () => {
  const { run, folder, env } = await project();
  const refused = async (notify: string) => {
    writeFileSync(join(folder, "oplead.config.mjs"), configWith(notify));
    const { code, stdout } = await oplead(folder, "doctor --notify", { env });
    return [code, stdout];
  };
  const [code, said] = await refused(
    'notify: [{ webhook: env("NOT_SET"), format: "slack" }, { webhook: "http://h.example/T0KEN", format: "json" }, 1],',
  );
  expect(code).toBe(1);
  expect(said).toContain("notify[0].webhook: the environment variable NOT_SET is not set");
  expect(said).toContain("notify[2]: must have webhook, email or heartbeat, or be a function");
  expect(await refused('notify: [{ webhook: "http://h.example/T0KEN", format: "json" }],')).toEqual([
    1,
    expect.stringMatching(/notify\[0]\.webhook: is plain http to another machine/),
  ]);
  expect(said).not.toContain("T0KEN");
  expect(await refused("")).toEqual([1, expect.stringContaining("✗ Notify: the config has no target")]);
  expect((await run("plan", "--target", "fake")).code).toBe(0);
});

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
