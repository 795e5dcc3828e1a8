import { expect, it } from "vitest";
import { configWith, dealersCsv, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const FAR = "DLR-9;Petit;p9@dealers.example;29200;30\r\n";

/** Leads in the form of a French export: each user gets leads of its own town, and DLR-0 also gets leads of Brest. */
const EXPORT = [
  "Canal;Matricule;Code postal",
  ...Array.from({ length: 60 }, (_, at) => `site;DLR-${at % 2};01000`),
  ...Array.from({ length: 60 }, () => "site;DLR-9;29200"),
  ...Array.from({ length: 8 }, () => "site;DLR-0;29200"),
  "site;;01000",
  "site;Jeanne Moreau;01000",
  "site;DLR-1;01000;more",
].join("\r\n");

const project = () =>
  folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(2, FAR),
    "leads.csv": `${EXPORT}\r\n`,
  });

it("coverage --leads reads a French export, lists bad rows by number, and names users whose rules exclude their leads", async () => {
  const folder = await project();
  const run = await oplead(folder, ["coverage", "--leads", "leads.csv"]);
  expect(run.code).toBe(0);
  expect(run.stderr).toContain("leads.csv: ignored columns: Canal");
  expect(run.stderr).toMatch(/leads\.csv: 2 lines left out:\n {2}row 130 {2}accountNumber is required/);
  expect(run.stderr).toContain("\n  row 132  ");
  expect(run.stdout).toContain("Leads: 128 leads in leads.csv");
  expect(run.stdout).toContain("  1. as assumed now: 120 of 128 explained, 0 undecided, users for each: 1.5\n");
  expect(run.stdout).toMatch(/ \d\. enabledRules \(without maxDistance\): 128 of 128 explained/);
  expect(run.stdout).toContain("DLR-0 got 8 of its 38 leads against its rules (max distance)");
  expect(run.stdout).toContain("Account numbers that no user has: (hidden)");
  expect(run.stdout).not.toContain("If you agree with the first set");
  expect(run.stdout + run.stderr).not.toContain("Moreau");
  const french = await oplead(folder, ["coverage", "--leads", "leads.csv", "--language", "fr"]);
  const said = `${french.stdout}${french.stderr}`.replace(/[\u00a0\u202f]/g, " ");
  expect(said).toContain("Leads : 128 leads dans leads.csv");
  expect(said).toContain("DLR-0 a reçu 8 de ses 38 leads contre ses règles (maxDistance)");
  expect(said).toContain("2 lignes laissées de côté");
});

it("coverage --leads --json gives the rows that the best set of assumptions does not explain", async () => {
  const folder = await project();
  const run = await oplead(folder, ["coverage", "--leads", "leads.csv", "--json"]);
  const { leads } = JSON.parse(run.stdout);
  expect(leads).toMatchObject({ leads: 128, unknown: ["(hidden)"] });
  expect(leads.sets[0]).toEqual({ assumptions: {}, explained: 120, undecided: 0, unexplained: 8, sharing: 1.5 });
  expect(leads.unexplained).toMatchObject([
    {
      accountNumber: "DLR-0",
      leads: 8,
      of: 38,
      rules: ["maxDistance"],
      rows: [122, 123, 124, 125, 126, 127, 128, 129],
    },
  ]);
  expect(leads.leftOut.map(({ row }: { row: number }) => row)).toEqual([130, 132]);
});

it("coverage --leads says what to write into the config if another set of assumptions explains the leads better than the assumptions in use", async () => {
  // Each lead lies within 300 km of its user in a straight line, but the config says that distances are by road.
  const leads = ["Matricule;CP", ...Array(50).fill("DLR-1;84000"), ...Array(50).fill("DLR-2;44000")].join("\n");
  const folder = await folderWith({
    "oplead.config.mjs": configWith("coverage: { assumptions: { detourFactor: 1.3 } },"),
    "dealers.csv": dealersCsv(
      0,
      "DLR-1;Petit;p1@dealers.example;01000;300\r\nDLR-2;Petit;p2@dealers.example;29200;300\r\n",
    ),
    "leads.csv": `${leads}\n`,
  });
  const { stdout } = await oplead(folder, ["coverage", "--leads", "leads.csv"]);
  expect(stdout).toContain("  1. detourFactor 1: 100 of 100 explained, 0 undecided, users for each: 1\n");
  expect(stdout).toMatch(/ \d\. as assumed now: 0 of 100 explained/);
  expect(stdout).toContain('  coverage: { assumptions: {\n    "detourFactor": 1\n  } },');
});

it("coverage --leads refuses a file without postcodes, names unknown postcodes, and counts nothing for a file without leads", async () => {
  const leads = (...lines: string[]) => `${lines.join("\n")}\n`;
  const folder = await folderWith({
    "oplead.config.mjs": configWith(),
    "dealers.csv": dealersCsv(2),
    "place.csv": leads("Matricule;Lieu", "DLR-0;01000"),
    "none.csv": leads("Matricule;CP"),
    "strange.csv": leads("Matricule;CP", "DLR-0;01000", "DLR-0;99999"),
  });
  const run = (file: string) => oplead(folder, ["coverage", "--leads", file]);
  // Leads without a postcode could be anywhere, so every set of assumptions would seem to explain them.
  expect(await run("place.csv")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining('place.csv: no column has the postcodes of the leads. Name it "Code postal" or'),
  });
  const { stdout } = await run("none.csv");
  expect(stdout).toContain("Leads: no leads in none.csv\n  There is nothing to compare.\n");
  expect(stdout).not.toContain("explained");
  expect(await run("strange.csv")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("1 of 2 explained, 1 undecided"),
    stderr: expect.stringContaining("strange.csv: 1 lead without a known place, in rows 3."),
  });
});
