import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { configWith, dealersCsv, oplead, projectWith } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

const project = () => projectWith("", dealersCsv(1), { ".env": "OPLEAD_TOKEN=t\n" });
const read = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");

it("init --deploy writes the files of a scheduler beside a config, with the paths of this machine", async () => {
  const folder = await project();
  const cron = await oplead(folder, "init --deploy cron");
  expect(cron).toMatchObject({ code: 0, stderr: "" });
  expect(cron.stdout).toMatch(/^Written: deploy\/crontab, deploy\/night\.sh, \.env\n/);
  expect(cron.stdout).toContain(`cat - '${folder}/deploy/crontab' | crontab -u oplead -\n`);
  expect(cron.stdout).toContain("chown -R oplead /var/lib/oplead\n");
  expect(read(folder, ".env")).toBe("OPLEAD_TOKEN=t\nOPLEAD_DATA=/var/lib/oplead\n");
  expect(read(folder, "deploy/crontab")).toContain(`15 2 * * *  cd '${folder}' && sh deploy/night.sh\n`);
  expect(read(folder, "deploy/night.sh")).toBe(readFileSync("deploy/cron/night.sh", "utf8"));

  const systemd = await oplead(folder, "init --deploy systemd --json");
  expect(JSON.parse(systemd.stdout).written).toEqual(["deploy/oplead-night.service", "deploy/oplead-night.timer"]);
  const unit = read(folder, "deploy/oplead-night.service");
  expect(unit).toContain(`\nWorkingDirectory=${folder}\n`);
  expect(unit).toContain(
    `\nExecStart=${process.execPath} "${folder}/node_modules/oplead-sdk/dist/cli/main.js" sync --config "${folder}/oplead.config.mjs" `,
  );
  expect(unit).not.toContain("/srv/oplead");

  const docker = await oplead(folder, "init --deploy docker");
  expect(docker.code).toBe(0);
  const { services } = parse(read(folder, "deploy/compose.yaml"));
  expect(services.night).toMatchObject({ read_only: true, volumes: ["..:/config:ro", "oplead-data:/data"] });
  expect(services.night.build.args.OPLEAD_VERSION).toMatch(/^\d+\.\d+\.\d+/);
  expect((await readdir(join(folder, "deploy"))).length).toBe(6);
});

it("init --deploy keeps the folder of OPLEAD_DATA, and says how to move earlier files there", async () => {
  const folder = await project();
  expect((await oplead(folder, "sync --target fake")).code).toBe(0);
  writeFileSync(join(folder, ".env"), "OPLEAD_DATA=data\n");
  const cron = await oplead(folder, "init --deploy cron");
  expect(cron.stdout).not.toContain("mv ");
  expect(read(folder, "deploy/crontab")).toContain(`\nOPLEAD_DATA=${folder}/data\n`);
  expect(read(folder, ".env")).toBe("OPLEAD_DATA=data\n");

  writeFileSync(join(folder, "oplead-ledger"), "");
  const systemd = await oplead(folder, "init --deploy systemd");
  expect(systemd.stdout).toContain(`mv '${folder}'/oplead-* '${folder}/data'/`);
  const unit = read(folder, "deploy/oplead-night.service");
  expect(unit).toContain(`\nReadWritePaths=${folder}/data\n`);
  expect(unit).not.toContain("StateDirectory");
});

it("init --deploy replaces no file, and says which differ and how to renew them", async () => {
  const folder = await project();
  await oplead(folder, "init --deploy cron");
  writeFileSync(join(folder, "deploy/night.sh"), "mine");
  const again = await oplead(folder, "init --deploy cron");
  expect(again).toMatchObject({ code: 0, stderr: "" });
  expect(again.stdout).toMatch(
    /^Written: nothing\n\nKept, and different from this version: deploy\/night\.sh\. To renew: rm deploy\/night\.sh && npx oplead-sdk init --deploy cron\n/,
  );
  expect(read(folder, "deploy/night.sh")).toBe("mine");
});

it.skipIf(!existsSync("/usr/bin/systemd-analyze"))(
  "systemd accepts the unit that init writes for a folder with a space and a percent sign",
  async () => {
    const base = await folderWith({
      "all 100%/oplead.config.mjs": configWith(),
      "all 100%/dealers.csv": dealersCsv(1),
    });
    const folder = join(base, "all 100%");
    expect((await oplead(folder, "init --deploy systemd")).code).toBe(0);
    const files = ["service", "timer"].map((kind) => join(folder, `deploy/oplead-night.${kind}`));
    const { stderr } = await promisify(execFile)("systemd-analyze", ["verify", "--man=no", ...files]);
    expect(stderr).toBe("");
  },
);

it("init --from --deploy writes a config that refuses a file which was not renewed for two days", async () => {
  const folder = await folderWith({
    "rh.csv": "Matricule;Nom;Courriel\nE1;Petit;p@dealers.example\nE2;Roche;r@dealers.example\n",
  });
  const { code } = await oplead(folder, "init --from rh.csv --deploy cron --language fr");
  expect(code).toBe(0);
  const config = read(folder, "oplead.config.mjs");
  expect(config).toContain('source: csvSource({ newest: "rh.csv", maxAgeHours: 48 }),');
  expect(config).toContain("// Un fichier que personne n’a renouvelé depuis ce délai est refusé");
});
