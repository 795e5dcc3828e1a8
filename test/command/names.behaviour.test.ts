import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPlatform, oplead } from "../support/command.ts";
import { folderWith } from "../support/folder.ts";

const CONFIG = `import { cell, columns, csvSource, defineConfig, env } from "oplead-sdk/config";
export default defineConfig({
  client: { token: env("OPLEAD_TOKEN"), baseUrl: env("OPLEAD_BASE_URL"), rateLimit: false },
  labels: ["Concession", "ville"],
  guard: { segments: "Région" },
  source: csvSource("rh.csv"),
  map: columns({
    skip: cell.values("Statut", { skip: "Sorti" }),
    accountNumber: "Matricule", civility: cell.always("M."), lastname: "Nom", login: "Courriel", email: "Courriel", mobile: cell.e164("CP"),
    profile: cell.always("PRF_NETWORK"),
    address: { zipCode: "CP", city: "Ville", country: cell.always("FR") },
    rules: { maxDistance: cell.kilometres("Rayon") },
  }),
});
`;
const HEADER = "Matricule;Nom;Courriel;CP;Ville;Rayon;Statut;Concession;Région";
const row = (number: number, more: Partial<Record<"email" | "radius" | "state", string>> = {}) => {
  const { email = `p${number}@dealers.example`, radius = "30", state = "Actif" } = more;
  const [zip, town, region] = number % 2 ? ["29000", "Quimper", "Bretagne"] : ["01000", "Bourg-en-Bresse", "Ain"];
  return `HR-${number};Petit;${email};${zip};${town};${radius};${state};Garage ${number};${region}`;
};
const csv = (...rows: readonly string[]) => `${[HEADER, ...rows].join("\n")}\n`;

async function project() {
  const platform = await openPlatform();
  const folder = await folderWith({
    "oplead.config.mjs": CONFIG,
    "rh.csv": csv(row(1), row(2), row(3), row(5, { radius: "far" })),
  });
  const run = (...args: string[]) => oplead(folder, args, { env: platform.env });
  return { ...platform, folder, run };
}

it("the columns that the config names as labels stand beside account numbers, and no file keeps them", async () => {
  const { folder, run } = await project();
  writeFileSync(join(folder, "rh.csv"), csv(row(1), row(2), row(3), row(4), row(5, { radius: "far" })));
  const night = await run("sync", "--report", "problems.csv", "--report", "night.json");
  expect(night.code).toBe(5);
  expect((await run("why", "HR-1")).stdout).toMatch(/^HR-1 · Garage 1, Quimper/);
  expect((await run("explain", "--zip", "29000")).stdout).toContain("  HR-1 · Garage 1, Quimper\n");
  const covered = await run("coverage");
  expect(covered.stdout).toMatch(/HR-\d · Garage \d, /);
  expect(covered.stdout).toContain("HR-5 · Garage 5, Quimper");

  writeFileSync(join(folder, "rh.csv"), csv(row(1), row(2, { state: "Sorti" }), row(3), row(4)));
  await run("sync");
  const leavers = await run("leavers");
  expect(leavers.stdout).toContain("HR-2 · Garage 2, Bourg-en-Bresse");
  expect((await run("leavers", "--csv")).stdout).toMatch(/,label,segment\nHR-2,.*,"Garage 2, Bourg-en-Bresse",Ain/);

  const problems = readFileSync(join(folder, "problems.csv"), "utf8");
  expect(problems).toContain("row,account number,label,segment,");
  expect(problems).toContain('6,HR-5,"Garage 5, Quimper",Bretagne,');
  const kept = ["night.json", "oplead-audit.jsonl"].map((file) => {
    return readFileSync(join(folder, file), "utf8");
  });
  expect(kept.join("\n")).not.toContain("Garage");
});

it("the guard judges the segments in the config's column, and without it every row is invalid", async () => {
  const { folder, run } = await project();
  await run("sync");
  writeFileSync(join(folder, "rh.csv"), csv(row(1), row(3)));
  const gone = await run("plan");
  expect(gone.stdout).toContain("the segment Ain,");
  expect(gone.stdout).toMatch(/refuse/);
  writeFileSync(join(folder, "oplead.config.mjs"), CONFIG.replace('"Région"', '"Region"'));
  expect((await run("plan")).stdout).toContain('names "Region", which the record does not have');
});

it("coverage --without says what changes if a user goes, and judges the state without that user", async () => {
  const { run } = await project();
  const { stdout, code } = await run("coverage", "--without", "HR-2");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^With this change:\n {2}\d+ postcodes .*lose their only user/);
  const { users, comparison } = JSON.parse((await run("coverage", "--without", "HR-2", "--json")).stdout);
  expect(users).toBe(2);
  expect(comparison.changes[0]).toMatchObject({ kind: "gap_opened", accountNumbers: ["HR-2"] });
  expect((await run("coverage", "--without", "HR-1")).stdout).not.toMatch(/lose their only user/);
  const unknown = await run("coverage", "--without", "HR-2", "HR-9");
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  expect(unknown.stderr).toContain("The source has no user HR-9.");
});

it("coverage --with FILE takes users from the file, and all others from the source", async () => {
  const { folder, run } = await project();
  writeFileSync(join(folder, "plan b.csv"), csv(row(2, { radius: "60" }), row(7, { email: "wrong" })));
  const { stdout, stderr, code } = await run("coverage", "--with", "plan b.csv");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^With this change:\n[\s\S]*first user/);
  expect(stderr).toContain("HR-7 · Garage 7, Quimper");
  expect((await run("coverage", "--with", "rh.csv")).stdout).toMatch(/^Coverage: no change\./);
  expect((await run("coverage", "--with", "gone.csv")).code).toBe(1);
});
