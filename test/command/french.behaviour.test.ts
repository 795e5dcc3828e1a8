import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { COMMANDS } from "../../src/command/registry.ts";
import { dealersCsv, onPlatform, openPlatform, oplead, opleadEach, projectWith } from "../support/command.ts";
import { englishLines } from "../support/english.ts";
import { folderWith } from "../support/folder.ts";

const project = (rows: number) => projectWith("", dealersCsv(rows));
const FRENCH = { OPLEAD_LANGUAGE: "fr" };
const SUBCOMMANDS = [
  "ledger list",
  "ledger move",
  "leavers done",
  "worker status",
  "worker reset-rate",
  "worker retry-failed",
];
async function said(folder: string, lines: readonly string[], env: Readonly<Record<string, string>>) {
  const commands = lines.map((line) => line.split(" "));
  const ended = await opleadEach(folder, commands, { ...env, ...FRENCH });
  return lines.map((line, at) => [line, ended[at] ?? { code: null, stdout: "", stderr: "" }] as const);
}

it("in French the help of oplead and of each of its commands is French", async () => {
  const folder = await project(1);
  const lines = ["", ...COMMANDS.map(({ name }) => name), ...SUBCOMMANDS];
  const asked = lines.map((words) => [...words.split(" ").filter(Boolean), "--help"]);
  for (const [at, { stdout, code }] of (await opleadEach(folder, asked, FRENCH)).entries()) {
    const words = lines[at];
    expect({ words, code }).toEqual({ words, code: 0 });
    expect(stdout).toMatch(/^Utilisation/);
    expect({ words, english: englishLines(stdout) }).toEqual({ words, english: [] });
  }
});

it("in French the plan and the result have no English sentence, and the JSON stays the same", async () => {
  const { env, folder, run } = await onPlatform(project(3));
  const words = [
    "plan",
    "doctor",
    "sync",
    "sync",
    "status",
    "history",
    "why DLR-0",
    "leavers",
    "ledger list",
    "ledger get DLR-0",
  ];
  const lines = [...words, "plan --only DLR-0 --all", "retry", "sync --test"];
  for (const [line, { stdout, stderr }] of await said(folder, lines, env)) {
    expect({ line, isSilent: stdout + stderr === "" }).toEqual({ line, isSilent: false });
    expect({ line, english: englishLines(stdout + stderr) }).toEqual({ line, english: [] });
  }
  // Plans differ in their time, and so in their checksum.
  const asked = async (language: string) => {
    const { stdout } = await run(["plan", "--only", "DLR-0", "--json", "--language", language]);
    const { made, checksum, ...rest } = JSON.parse(stdout);
    return { ...rest, made: { ...made, at: expect.any(String) }, checksum: expect.any(String) };
  };
  expect(await asked("fr")).toEqual(await asked("en"));
});

it("init in French writes configs with French comments, and its JSON is the same as in English", async () => {
  const hr = "Matricule;Nom;Fonction;Pays\nE1;Petit;Vendeur;Andorre\nE2;Roche;Chef;France\n;Total;;\n";
  for (const [folder, words] of [
    [await folderWith({}), ["init"]],
    [await folderWith({ "rh.csv": hr }), ["init", "--from", "rh.csv"]],
  ] as const) {
    const { stdout, stderr } = await oplead(folder, words, { env: FRENCH });
    const config = await readFile(join(folder, "oplead.config.mjs"), "utf8");
    const comments = config
      .split("\n")
      .filter((line) => line.trim().startsWith("//") && !/@ts-check|import \{/.test(line));
    expect(comments.length).toBeGreaterThan(8);
    expect(englishLines([stdout, stderr, ...comments].join("\n"))).toEqual([]);
  }
  const toDo = async (language: string) => {
    const folder = await folderWith({ "rh.csv": hr });
    const words = ["init", "--from", "rh.csv", "--json", "--language", language];
    return JSON.parse((await oplead(folder, words)).stdout).toDo;
  };
  expect(await toDo("fr")).toEqual(await toDo("en"));
});

it("probe, explain and coverage in French write no English sentence", async () => {
  const { env } = await openPlatform();
  const folder = await project(3);
  const lines = [
    "probe --dry-run",
    "probe --dry-run --as DLR-0 --allow-test-create",
    "probe --compare",
    "probe",
    "probe --compare",
    "probe --as NOBODY",
    "probe --target fake",
    "types gone.json",
    "explain --zip 01000",
    "explain --zip 99999",
    "coverage",
    "worker status",
    "worker reset-rate",
    "ledger forget DLR-0",
    "doctor --notify",
    "why DLR-0 --support",
    "undo",
    "pause",
    "pause --until tomorrow",
    "pause --until 40d",
    "pause --until 2d --reason test",
    "pause --until 3d",
    "status",
    "sync",
    "doctor",
    "pause --off",
    "pause --off",
    "serve",
    "worker",
    "trigger",
    "ledger get NOBODY",
    "ledger forget NOBODY",
    "ledger move A B",
    "ledger import gone.csv",
    "ledger adopt",
    "leavers done NOBODY",
    "history none",
    "retry NOBODY",
    "plan --only NOBODY --all",
    "plan --only DLR-0 --all --reveal",
    "plan --format csv",
    "plan --format markdown",
    "sync --format markdown",
    "apply gone.json",
    "sync --test --limit 1",
    "sync --test --queue",
    "nonsense",
    "plan --reprot",
    "plan --limit x",
    "ledger get",
    "plan gone.json",
    "plan gone.json --full",
    "diff DLR-1",
    "apply",
    "plan --config gone.mjs",
  ];
  for (const [line, { stdout, stderr }] of await said(folder, lines, env)) {
    const text = stdout + stderr;
    expect({ line, isSilent: text === "" }).toEqual({ line, isSilent: false });
    expect({ line, english: englishLines(text) }).toEqual({ line, english: [] });
    expect({ line, set: /[\p{L}\d»)] [:;!?](?= |$)/mu.exec(text)?.[0] }).toEqual({ line, set: undefined });
  }
});
