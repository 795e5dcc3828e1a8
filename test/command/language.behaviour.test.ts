import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { messagesOf, webReceiver } from "../support/alert-receivers.ts";
import { configWith, dealersCsv, openPlatform, oplead, projectWith } from "../support/command.ts";
import { folderWith } from "../support/folder.ts";

const project = (lines = "", files: Readonly<Record<string, string | Uint8Array>> = {}) =>
  projectWith(lines, dealersCsv(2), files);

it.each([
  ["in UTF-8", Buffer.from("A=1\nOPLEAD_LANGUAGE=fr\n")],
  ["as Notepad writes it", Buffer.from('\uFEFFOPLEAD_LANGUAGE="fr"\r\n', "utf16le")],
])("OPLEAD_LANGUAGE in the .env %s beside the config makes help, errors and results French", async (_how, env) => {
  const folder = await project("", { ".env": env });
  expect((await oplead(folder, "plan --help")).stdout).toMatch(/^Utilisation/);
  expect((await oplead(folder, "plan --nothing")).stderr).toContain("option inconnue");
  expect((await oplead(folder, "plan --target fake")).stdout).toContain("à créer");
  const elsewhere = await folderWith({});
  const file = join(folder, "oplead.config.mjs");
  expect((await oplead(elsewhere, ["plan", "--target", "fake", "-c", file])).stdout).toContain("à créer");
});

it("results, errors of the config, reports, pages and alerts are in the language of the config", async () => {
  const receiver = await webReceiver("json");
  const { env } = await openPlatform();
  const notify = `notify: [${JSON.stringify(receiver.target)}],`;
  const folder = await project(`language: "fr", ${notify}`);
  writeFileSync(join(folder, "dealers.csv"), dealersCsv(2, "BAD-1;X;not an address;01000;30"));
  const night = await oplead(folder, "sync --report problems.csv --html night.html", { env });
  expect(night.code).toBe(5);
  expect(await readFile(join(folder, "problems.csv"), "utf8")).toMatch(/^\uFEFF.*;/);
  expect(await readFile(join(folder, "night.html"), "utf8")).toContain('<html lang="fr"');
  expect(
    messagesOf(receiver)
      .map(({ title }) => title)
      .join(),
  ).toContain("Tout n’a pas pu être envoyé");

  const english = await oplead(folder, "plan --language en", { env });
  expect(english.stdout).toContain("unchanged");
  const byEnvironment = await oplead(folder, "plan", { env: { ...env, OPLEAD_LANGUAGE: "en" } });
  expect(byEnvironment.stdout).toContain("unchanged");

  writeFileSync(join(folder, "oplead.config.mjs"), configWith('language: "fr", guard: { maxChange: 1 },'));
  expect((await oplead(folder, "plan", { env })).stderr).toContain("n’est pas une option");
});

it.each([
  ["no variables", "env -i", / UTC$/m],
  ["no locale and an empty zone", "env -u LANG -u LC_ALL -u LC_MESSAGES TZ=", / (?:UTC|GMT\+0)$/m],
  ["the locale C and a zone", "env LANG=C LC_ALL=C TZ=Europe/Paris", / CES?T$/m],
])("a machine with %s gets French in UTF-8, and local times with their zone", async (_what, env, zone) => {
  const { env: platform } = await openPlatform();
  const settings = Object.entries(platform).map(([name, value]) => `${name}=${value}\n`);
  const folder = await project('language: "fr",', { ".env": settings.join("") });
  expect((await oplead(folder, "sync", { shell: `${env} $OPLEAD` })).stdout).toContain("2  créés\n");
  const { stdout } = await oplead(folder, "ledger get DLR-1", { shell: `${env} $OPLEAD` });
  expect(stdout).toMatch(/écrit en dernier\s: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S/);
  expect(stdout).toMatch(zone);
});

it("a language that the package does not have is refused, in .env and in the config", async () => {
  const wrongEnv = await oplead(await project("", { ".env": "OPLEAD_LANGUAGE=de\n" }), "plan --target fake");
  expect(wrongEnv).toMatchObject({ code: 1 });
  expect(wrongEnv.stderr).toContain("There is no language de: en, fr.");
  const wrongConfig = await oplead(await project('language: "de",'), "plan --target fake");
  expect(wrongConfig.stderr).toContain('language: must be "en" or "fr"');
});
