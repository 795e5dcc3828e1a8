// A foreign platform, the installed command, an empty folder and a CSV: ten commands to the second night.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { oplead } from "../../support/command.ts";
import { foreignPlatform } from "../../support/foreign-platform.ts";
import { installedFolder } from "./project.ts";

const DEALERS = `Reference;Title;Last name;First name;Login;Email;Mobile;Street;Zip;City;Country;Profile;Parent;Radius
HQ-1;Mme;Durand;Alice;alice;alice@dealers.example;+33612345678;1 rue A;75001;Paris;FR;HEAD;;
DL-1;M.;Martin;Bob;bob;bob@dealers.example;+33612345679;2 rue B;01000;Bourg-en-Bresse;FR;DEALER;HQ-1;30
`;

it("ten commands bring users with rules to a foreign platform, each led to by what was printed", async () => {
  const server = await foreignPlatform();
  onTestFinished(server.close);
  const folder = await installedFolder({ "dealers.csv": DEALERS });
  const token = server.issue();
  const printed: string[] = [];
  const run = async (line: string, code: number, OPLEAD_TOKEN = token) => {
    const ended = await oplead(folder, line, { env: { OPLEAD_TOKEN, OPLEAD_BASE_URL: server.url } });
    printed.push(ended.stdout + ended.stderr);
    expect(ended.code, printed.at(-1)).toBe(code);
    return printed.at(-1) ?? "";
  };
  const edit = (from: string, to: string) => {
    const file = join(folder, "oplead.config.mjs");
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };

  expect(await run("init --from dealers.csv", 0)).toContain("Put the profile codes of your platform");
  expect(await run("doctor", 1, "of-another-platform")).toContain("The token is wrong or has ended");
  expect(await run("doctor", 1)).toContain("let npx oplead-sdk probe find `platform.fields`");
  const [, line = ""] = /put (platform: "\S+") into the config/.exec(await run("probe", 0)) ?? [];
  edit("export default defineConfig({", `export default defineConfig({\n  ${line},`);
  expect(await run("doctor", 0)).toContain("has the profiles HEAD, DEALER");
  for (const code of ["HEAD", "DEALER"]) edit(`PRF_${code}: [`, `${code}: [`);
  expect(await run("plan", 0)).toContain("2 to create");
  expect(await run("sync", 4)).toContain("npx oplead-sdk probe --as ACCOUNT finds another path");
  expect(await run("probe --as DL-1", 0)).toContain('+ platform.fields.maxDistance.maxDistance: "max_distance"');
  await run("sync", 0);
  expect(server.users.map(({ account_number: of }) => of)).toEqual(["HQ-1", "DL-1"]);
  expect(server.rulesOf("DL-1")).toEqual({ max_distance: { max_distance: 30 } });

  const before = server.requests.length;
  expect(await run("sync", 0)).toContain("no requests");
  // It asks for the profiles, to know that the platform answers.
  expect(server.requests.slice(before).map(({ method }) => method)).toEqual(["GET"]);
  expect(printed).toHaveLength(10);
});
