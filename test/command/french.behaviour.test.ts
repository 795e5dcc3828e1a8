import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { COMMANDS } from "../../src/command/registry.ts";
import { configWith, dealersCsv, onPlatform, openPlatform, oplead, opleadEach } from "../support/command.ts";
import { englishLines } from "../support/english.ts";
import { folderWith } from "../support/folder.ts";

const project = (rows: number) => folderWith({ "oplead.config.mjs": configWith(), "dealers.csv": dealersCsv(rows) });
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
const answering = (status: number, body: object) =>
  `restSource({ url: "http://127.0.0.1:9/staff", fetch: async () => Response.json(${JSON.stringify(body)}, { status: ${status} }) })`;
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

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
  ];
  for (const [line, { stdout, stderr }] of await said(folder, lines, env)) {
    const text = stdout + stderr;
    expect({ line, isSilent: text === "" }).toEqual({ line, isSilent: false });
    expect({ line, english: englishLines(text) }).toEqual({ line, english: [] });
    expect({ line, set: /[\p{L}\d»)] [:;!?](?= |$)/mu.exec(text)?.[0] }).toEqual({ line, set: undefined });
  }
});

it.each([
  ["plan --reprot", "option inconnue « --reprot »"],
  ["plan --limit x", "Il faut un nombre entier de 0 à"],
  ["ledger get", "il manque l’argument « account »"],
  ["plan gone.json", "Il n’y a pas de plan gone.json."],
  ["plan gone.json --full", "--full vaut pour un nouveau plan"],
  ["diff DLR-1", "La commande diff n’existe pas. À la place : npx oplead-sdk plan --only COMPTE --all, qui montre"],
  ["apply", "Nommez le plan"],
  ["why NOBODY --no-plan", "On ne sait rien de NOBODY."],
  ["plan --config gone.mjs", "Les options sont incorrectes."],
])("the command says in French what is wrong with: oplead %s", async (line, text) => {
  const { env, run } = await onPlatform(project(1));
  const { stderr, code } = await run(line.split(" "), { env: { ...env, LC_ALL: "fr_FR.UTF-8" } });
  expect(code).toBe(1);
  expect(plain(stderr)).toContain(text);
  expect(englishLines(stderr)).toEqual([]);
});

it.each([
  [
    "a service that is down",
    `restSource({ url: "http://127.0.0.1:9/staff", fetch: () => Promise.reject(new TypeError("fetch failed")) })`,
    /Source : la lecture échoue : http:\/\/127\.0\.0\.1:9\/staff : sa fonction fetch a échoué/,
  ],
  [
    "a service that refuses the headers",
    answering(403, {}),
    /http:\/\/127\.0\.0\.1:9\/staff : a répondu 403 : vérifiez les en-têtes/,
  ],
  [
    "an answer without a list",
    answering(200, { staff: [] }),
    /il n’y a pas de liste d’enregistrements dans le document : dites où elle est par l’option items ; il y a des listes à « staff »/,
  ],
  [
    "a join without partners",
    `joinSources([{ ref: "A" }], { with: [], on: "ref", as: "other" })`,
    /source 2 : elle n’a aucun enregistrement/,
  ],
  [
    "a join by a column that no record has",
    `joinSources([{ ref: "A" }], { with: [{ id: "A" }], on: "id", as: "other" })`,
    /source 1 : aucun enregistrement n’a « id »/,
  ],
])("doctor and plan tell in French, without quoting English, what is wrong with %s", async (_what, source, wanted) => {
  const { env } = await openPlatform();
  const config = configWith()
    .replace("import { csvSource,", "import { joinSources, restSource,")
    .replace('csvSource("dealers.csv")', source);
  const folder = await folderWith({ "oplead.config.mjs": config });
  for (const command of ["doctor", "plan"]) {
    const { stdout, stderr } = await oplead(folder, [command], { env: { ...env, ...FRENCH } });
    const text = plain(stdout + stderr);
    if (command === "doctor") expect(text).toMatch(wanted);
    expect(text).not.toMatch(/en anglais|is no|there is|answered|cannot|no record/);
    expect(englishLines(text)).toEqual([]);
  }
});

it("the text of a refused run in French has each reason once, and ends with the approving command", async () => {
  const { env, run } = await onPlatform(
    folderWith({
      "oplead.config.mjs": configWith("guard: { minUsers: 2 },"),
      "dealers.csv": dealersCsv(3),
    }),
  );
  for (const [language, reason, read] of [
    ["en", "The ledger knows no user", "To read the plan: npx oplead-sdk plan"],
    ["fr", "Le registre ne connaît aucun utilisateur", "Pour lire le plan : npx oplead-sdk plan"],
  ] as const) {
    const words = ["sync", "--language", language];
    const refused = plain((await run(words)).stderr);
    expect(refused.split(reason)).toHaveLength(2);
    expect(refused).toContain(`\n${read}\n`);
    expect(refused.indexOf("[sync_refused]")).toBeLessThan(refused.indexOf(read));
    expect(refused).toMatch(/\nnpx oplead-sdk sync --approve \w+\n$/);
  }
  const down = { ...env, ...FRENCH, OPLEAD_BASE_URL: "http://127.0.0.1:9" };
  const { stderr } = await run("probe", { env: down });
  expect(englishLines(stderr)).toEqual([]);
});

it("the command names a source file that is missing, empty or wrong, and describes the problem in French", async () => {
  const folder = await folderWith({ "oplead.config.mjs": configWith() });
  const said = async () => {
    const ended = await oplead(folder, "plan --target fake", { env: FRENCH });
    return plain(ended.stderr);
  };
  expect(await said()).toMatch(
    /^Erreur : La source n’a pas pu être lue\..*\n {2}dealers\.csv : le fichier n’existe pas\n\[source_failed\] Que faire/m,
  );
  writeFileSync(join(folder, "dealers.csv"), "");
  expect(await said()).toContain("dealers.csv : le fichier est vide : la première ligne doit nommer les colonnes");
  writeFileSync(join(folder, "dealers.csv"), "Ref;ref;Nom;Nom\nA;B;C;D\n");
  expect(await said()).toContain("dealers.csv : deux colonnes portent le nom « Nom » : renommez-en une");
  writeFileSync(join(folder, "dealers.csv"), 'ref;name\nA;"B\n');
  expect(await said()).toContain("dealers.csv : le guillemet ouvert à la ligne 2 n’est jamais fermé");
});
