import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { fill } from "../../scripts/release.ts";
import { outsideEnv, tool } from "./toolbox.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

const MANAGERS = {
  npm: { version: undefined, add: ["install", "--ignore-scripts", "--no-audit", "--no-fund"], exec: ["exec", "--"] },
  pnpm: { version: "10.34.8", add: ["add", "--ignore-scripts", "--config.minimumReleaseAge=0"], exec: ["exec"] },
  yarn: { version: "1.22.22", add: ["add", "--ignore-scripts", "--non-interactive"], exec: ["-s"] },
} as const;
type Manager = keyof typeof MANAGERS;

let folder: string;
let release: string;
let tarball: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "oplead-release-")));
  // Without the settings of a person.
  const { stdout: registry } = await run("npm", ["config", "get", "registry"], { env: outsideEnv() });
  const settings = join(folder, "npmrc");
  await writeFile(settings, `registry=${registry}`);
  const npm = { npm_config_userconfig: settings, NPM_CONFIG_USERCONFIG: settings };
  env = outsideEnv({ ...npm, YARN_CACHE_FOLDER: join(folder, "yarn") });
  const { version } = inject("packed");
  await run("tar", ["xzf", join(inject("consumers"), `oplead-sdk-${version}.tgz`), "-C", folder]);
  release = join(folder, "package");
  await cp(join(root, ".changeset"), join(release, ".changeset"), { recursive: true });
  await git("init", "-q", "-b", "main");
  await git("add", "package.json", "README.md", ".changeset");
  await git("commit", "-q", "-m", "release: begin");
});
afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

// pnpm writes its errors to stdout.
async function did(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run(program, [...args], { cwd, env })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`, { cause: error });
  }
}

const git = (...args: string[]) =>
  run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: release });
const changesetVersion = () => run(join(root, "node_modules/.bin/changeset"), ["version"], { cwd: release, env });
const pack = async () => {
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
    cwd: release,
    env,
  });
  return `file:${join(folder, stdout.trim().split("\n").at(-1) ?? "")}`;
};
const manifest = async () => JSON.parse(await readFile(join(release, "package.json"), "utf8"));

async function managed(manager: Manager): Promise<string> {
  const { version } = MANAGERS[manager];
  if (version === undefined) return manager;
  return join(await tool(manager, version), "node_modules/.bin", manager);
}

it("the waiting changesets set the version and write the changelog", async () => {
  await changesetVersion();
  expect((await manifest()).version).toBe("0.1.0");
  expect(await readFile(join(release, "CHANGELOG.md"), "utf8")).toContain("## 0.1.0");
});

it("the package has the addresses of its repository", async () => {
  await fill(pathToFileURL(`${release}/`), "acme/oplead-sdk");
  tarball = await pack();
  expect(await manifest()).toMatchObject({
    repository: { url: "git+https://github.com/acme/oplead-sdk.git" },
    bugs: { url: "https://github.com/acme/oplead-sdk/issues" },
  });
});

it.each(Object.keys(MANAGERS) as Manager[])(
  "a new user installs the package with %s and sees a first plan",
  async (manager) => {
    const project = join(folder, `with-${manager}`);
    await mkdir(project);
    await writeFile(join(project, "package.json"), JSON.stringify({ name: "newcomer", private: true }));
    const program = await managed(manager);
    const { add, exec } = MANAGERS[manager];
    await did(program, [...add, tarball], project);
    const command = (...args: string[]) => did(program, [...exec, "oplead-sdk", ...args], project);
    await command("init");
    expect(await command("plan", "--target", "fake")).toMatch(/4 {2}new/);
    expect(await command("sync", "--target", "fake")).toMatch(/4 {2}created/);
    const installed = join(project, "node_modules/oplead-sdk");
    expect(await readFile(join(installed, "CHANGELOG.md"), "utf8")).toContain("## 0.1.0");
    expect(await readFile(join(installed, "README.md"), "utf8")).toContain(
      "](https://github.com/acme/oplead-sdk/blob/v0.1.0/docs/",
    );
  },
);

it.each([
  ["10.9.9", ""],
  ["11.19.1", "npm warn install-scripts   classic-level@3.0.0 (install: node-gyp-build)"],
])(
  "npm %s installs the package and warns of nothing, except of a script that is not needed",
  async (version, warning) => {
    const project = join(folder, `npm-${version}`);
    await mkdir(project);
    const program = join(await tool("npm", version), "node_modules/.bin/npm");
    const { stderr } = await run(program, ["install", tarball], { cwd: project, env });
    const script = /^npm warn install-scripts(?: .*(?:allowScripts:|npm install-scripts .*))?$/;
    expect(stderr.split("\n").filter((line) => line !== "" && !script.test(line))).toEqual(warning ? [warning] : []);
  },
);

it("a changeset leads to the next version, to which a project with the version before can upgrade", async () => {
  await writeFile(join(release, ".changeset/next.md"), '---\n"oplead-sdk": minor\n---\n\nA next version.\n');
  await git("add", ".");
  await git("commit", "-q", "-m", "release: next");
  await changesetVersion();
  const project = join(folder, "with-npm");
  await did("npm", [...MANAGERS.npm.add, await pack()], project);
  const installed = JSON.parse(await readFile(join(project, "node_modules/oplead-sdk/package.json"), "utf8"));
  expect(installed.version).toBe("0.2.0");
  expect(await did("npm", ["exec", "--", "oplead", "plan", "--target", "fake"], project)).toMatch(/4 {2}new/);
  expect(await readFile(join(project, "node_modules/oplead-sdk/CHANGELOG.md"), "utf8")).toMatch(
    /## 0\.2\.0[\s\S]*A next version\.[\s\S]*## 0\.1\.0/,
  );
});
