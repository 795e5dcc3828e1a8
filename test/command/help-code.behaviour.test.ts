import { expect, it } from "vitest";
import { configWith, oplead } from "../support/command.ts";
import { folderWith } from "../support/folder.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ");

it("an error ends with its code and the command that prints its section of the runbook", async () => {
  const folder = await folderWith({});
  const failed = await oplead(folder, "plan");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(
    /npx oplead-sdk init\n\[invalid_options\] What to do: npx oplead-sdk help invalid_options\n$/,
  );
  const french = await oplead(folder, "plan --language fr");
  expect(plain(french.stderr)).toMatch(/\n\[invalid_options\] Que faire : npx oplead-sdk help invalid_options\n$/);
  const { stdout, code } = await oplead(folder, "help ledger_mismatch");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^ledger_mismatch\n\nCause: The ledger belongs to another platform\.\n\nCheck: .+\n\nRemedy: .+\n$/,
  );
  const explained = await oplead(folder, "help ledger_mismatch --language fr");
  expect(plain(explained.stdout)).toContain("Cause : Le registre appartient à une autre plateforme.");
});

it("the error for a wrong option ends with `usage` and the command that lists the options", async () => {
  const folder = await folderWith({ "oplead.config.mjs": configWith() });
  const { stderr } = await oplead(folder, "plan --reprot");
  expect(stderr).toMatch(/\n\[usage\] Options: npx oplead-sdk COMMAND --help\n$/);
  expect((await oplead(folder, "help plan")).stdout).toMatch(/^Usage: oplead plan/);
});

it("help knows each code that a screen or a file shows, in the config's language", async () => {
  const folder = await folderWith({ "oplead.config.mjs": configWith('language: "fr",') });
  const guard = await oplead(folder, "help older_values");
  expect(guard.code).toBe(0);
  expect(plain(guard.stdout)).toMatch(
    /^older_values\n\n… .*ce qu’ils étaient avant le …\D*: est-ce un ancien fichier \?/,
  );
  expect(plain((await oplead(folder, "help value_unknown")).stdout)).toMatch(
    /absent de sa liste dans la configuration/,
  );
  expect((await oplead(folder, "--help")).stdout).toMatch(/^Utilisation/);
  const unknown = await oplead(folder, "help nonsense_code");
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("Il n’existe ni commande ni code nonsense_code.");
});
