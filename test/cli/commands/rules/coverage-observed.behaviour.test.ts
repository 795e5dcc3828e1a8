import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../../support/command.ts";
import { folderWith } from "../../../support/folder.ts";

const FAR = "DLR-9;Petit;p9@dealers.example;29200;30\r\n";

/** Leads as a French export has them: each user gets some at home, DLR-0 some of Brest. */
const EXPORT = [
  "Date d'attribution;Matricule;Code postal;Canal",
  ...Array.from({ length: 60 }, (_, at) => `${1 + (at % 28)}/01/2026 08h30;DLR-${at % 2};01000;site`),
  ...Array.from({ length: 60 }, (_, at) => `${1 + (at % 28)}/02/2026;DLR-9;29200;site`),
  ...Array.from({ length: 8 }, (_, at) => `${10 + at}/03/2026;DLR-0;29200;site`),
  "12/13/2026;DLR-1;01000;site",
  ";DLR-1;01000;site",
  "05/03/2026;;01000;site",
  "05/03/1970;DLR-1;01000;site",
  "05/03/2026;Jeanne Moreau;01000;site",
  "05/03/2026;DLR-1;01000;site;more",
].join("\r\n");

const project = () =>
  folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(2, FAR),
    "leads.csv": `${EXPORT}\r\n`,
  });

it("coverage --observed reads a French export, tells bad rows with their number, and says what fits and whose rules drifted", async () => {
  const folder = await project();
  const run = await oplead(folder, ["coverage", "--observed", "leads.csv"]);
  expect(run.code).toBe(0);
  expect(run.stderr).toContain("leads.csv: ignored columns: Canal");
  expect(run.stderr).toMatch(/leads\.csv: 4 lines left out:\n {2}row 130 {2}at must be a time/);
  expect(run.stderr).toContain("\n  row 131  at must be a time");
  expect(run.stderr).toContain("\n  row 132  accountNumber is required");
  expect(run.stderr).toContain("\n  row 135  ");
  expect(run.stdout).toContain("Observed leads: 129 leads in leads.csv");
  expect(run.stdout).toMatch(/settled by these leads: .*absentRule admits_all/);
  expect(run.stdout).toContain("DLR-0 got 8 of its 38 leads outside its radius of 30 km, since 2026-03-10");
  expect(run.stdout).toContain("1 lead dated in the future or before 2000: rows 133");
  expect(run.stdout).toContain("Account numbers that no user has: (hidden)");
  expect(run.stdout + run.stderr).not.toContain("Moreau");
  const french = await oplead(folder, ["coverage", "--observed", "leads.csv", "--language", "fr"]);
  const said = `${french.stdout}${french.stderr}`.replace(/[\u00a0\u202f]/g, " ");
  expect(said).toContain("Leads observés : 129 leads dans leads.csv");
  expect(said).toContain("DLR-0 a reçu 8 de ses 38");
  expect(said).toContain("4 lignes laissées de côté");
}, 120_000);

it("coverage --observed --json gives the rows that speak against each fit", async () => {
  const folder = await project();
  const run = await oplead(folder, ["coverage", "--observed", "leads.csv", "--json"]);
  const { observed } = JSON.parse(run.stdout);
  expect(observed.fits[0]).toMatchObject({ unexpected: 8, against: [122, 123, 124, 125, 126, 127, 128, 129] });
  expect(observed).toMatchObject({ observations: 129, misdated: [133], unknown: ["(hidden)"], unexplained: [] });
  expect(observed.leftOut.map(({ row }: { row: number }) => row).sort()).toEqual([130, 131, 132, 135]);
}, 120_000);

it("coverage --observed proposes what to write into the config only if one set of assumptions stands out on enough leads", async () => {
  // Both lie within 300 km as the crow flies, and beyond it by road.
  const leads = (count: number) =>
    [
      "at;accountNumber;zipCode",
      ...Array(count).fill("2026-01-05;DLR-1;84000"),
      ...Array(count).fill("2026-01-05;DLR-2;44000"),
    ].join("\n");
  const folder = await folderWith({
    "oplead.config.mjs": configWith('coverage: { assumptions: { known: ["absentRule", "combination"] } },'),
    "dealers.csv": dealersCsv(
      0,
      "DLR-1;Petit;p1@dealers.example;01000;300\r\nDLR-2;Petit;p2@dealers.example;29200;300\r\n",
    ),
    "few.csv": `${leads(20)}\n`,
    "many.csv": `${leads(100)}\n`,
  });
  const few = await oplead(folder, ["coverage", "--observed", "few.csv"]);
  expect(few.stdout).toContain("One set stands out, on 40 leads only: collect more before you rely on it.");
  expect(few.stdout).not.toContain("coverage: { assumptions");
  const many = await oplead(folder, ["coverage", "--observed", "many.csv"]);
  expect(many.stdout).toContain("  sets of assumptions that fit: 3 of 4");
  expect(many.stdout).toContain("the first set explains 200 leads far better than any other.");
  const written = /coverage: (\{ assumptions: \{[^}]*\} \}),/.exec(many.stdout)?.[1] ?? "";
  expect(written).toContain('"detourFactor": 1\n');
  expect(written).toContain('"maxDistance"');
}, 240_000);

it("coverage --observed refuses a file without postcodes, names unknown ones, and shows no fit for a file without leads", async () => {
  const leads = (...lines: string[]) => `${lines.join("\n")}\n`;
  const folder = await folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(2),
    "place.csv": leads("Date;Matricule;Lieu", "12/03/2026;DLR-0;01000"),
    "none.csv": leads("Date;Matricule;CP"),
    "strange.csv": leads("Date;Matricule;CP", "12/03/2026;DLR-0;01000", "12/03/2026;DLR-0;99999"),
  });
  const run = (file: string) => oplead(folder, ["coverage", "--observed", file]);
  // Its leads could be anywhere, so that only the sets without a radius would seem to fit.
  expect(await run("place.csv")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining('place.csv: no column has the postcodes of the leads. Name it "Code postal" or'),
  });
  const { stdout } = await run("none.csv");
  expect(stdout).toContain("Observed leads: no leads in none.csv\n  There is nothing to compare.\n");
  expect(stdout).not.toContain("predicted");
  expect(await run("strange.csv")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("predicted 1, undecided 1"),
    stderr: expect.stringContaining("strange.csv: 1 lead without a known place, in rows 3."),
  });
}, 120_000);

it("coverage takes the codes and the places of the config, as policies do", async () => {
  const settings = `coverage: {
    locate: (zip, country) => (country === "LU" ? { coordinates: [49.6, 6.1], uncertaintyKm: 2, counties: ["L"] } : undefined),
    universe: {
      countries: [{ code: "LU", label: "Luxembourg", counties: [{ number: "L", label: "L", postCodeZips: ["1111"] }] }],
      ranges: ["RNG_NEW"], requestTypes: [], contactProfiles: [],
    },
  },`;
  const folder = await folderWith({ "oplead.config.mjs": configWith(settings), "dealers.csv": dealersCsv(1) });
  const { stdout } = await oplead(folder, ["coverage", "--json"]);
  const { findings } = JSON.parse(stdout);
  const [gap] = findings.filter(({ kind }: { kind: string }) => kind === "gap");
  expect(gap).toMatchObject({ zipCodes: ["1111"] });
}, 120_000);
