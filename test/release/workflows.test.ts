// What a compromised dependency must not get in a release: the right to publish, to write, or to change a tarball unseen.
import { readdirSync, readFileSync } from "node:fs";
import { validateWorkflow } from "@action-validator/core";
import { expect, it } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly env?: object;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: unknown;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = new URL("../../.github/workflows/", import.meta.url);
const workflows = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const);
const release = workflows.find(([name]) => name === "release.yml")?.[1] ?? "";

// The job of docs.yml proves to GitHub Pages who it is; npm trusts release.yml only.
const ID_TOKENS = ["release.yml publish", "docs.yml deploy"];

function problems(name: string, text: string): string[] {
  const { permissions, jobs } = parse(text) as Workflow;
  const all = Object.entries(jobs);
  const steps = all.flatMap(([, job]) => job.steps);
  return [
    // The linter's schema is older than this right.
    ...validateWorkflow(text.replace(/^ +attestations: write$/m, "")).errors.map(
      ({ title }: { title: string }) => `not valid: ${title}`,
    ),
    ...[...text.matchAll(/uses: (.*)/g)]
      .filter(([, uses = ""]) => !/^[\w-]+(?:\/[\w-]+)+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
      .map(([, uses]) => `no hash: ${uses}`),
    ...[["all jobs", { permissions }] as const, ...all]
      .filter(([job]) => !ID_TOKENS.includes(`${name} ${job}`))
      .filter(([, job]) => typeof job.permissions === "string" || job.permissions?.["id-token"])
      .map(([job]) => `id-token: ${job}`),
    ...(permissions ? [] : ["permissions of the repository's settings"]),
    ...steps
      .filter(({ uses, with: given }) => uses?.includes("/checkout@") && given?.["persist-credentials"] !== false)
      .map(() => "credentials stay"),
  ];
}

const RIGHTS = {
  version: { contents: "write", "pull-requests": "write" },
  build: { contents: "read" },
  check: { contents: "read" },
  windows: { contents: "read" },
  publish: { "id-token": "write", attestations: "write" },
};

function releaseProblems(text: string): string[] {
  const { jobs, ...top } = parse(text) as Workflow;
  const { check, publish } = jobs;
  const runs = (job?: Job) => job?.steps.flatMap(({ run = "" }) => run.split("\n")) ?? [];
  const used = publish?.steps.flatMap(({ uses }) => uses?.split("@")[0] ?? []) ?? [];
  const rights = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]));
  const rules: Readonly<Record<string, boolean>> = {
    "the jobs and their rights": JSON.stringify(rights) === JSON.stringify(RIGHTS),
    "only main releases": JSON.stringify(top.on) === '{"push":{"branches":["main"]}}',
    "no setting reaches publish":
      String(Object.keys(top)) === "name,on,permissions,concurrency" &&
      String(Object.keys(publish ?? {})) === "needs,runs-on,timeout-minutes,environment,permissions,steps" &&
      String(publish?.steps.flatMap(({ env = {} }) => Object.keys(env))) === "BUILT,CHECKED",
    "no secret": !/\bsecrets\b/.test(text),
    "no failure is ignored": !/continue-on-error|always\(\)|failure\(\)|cancelled\(\)|\|\| true$/m.test(text),
    "no cache":
      !/actions\/cache|^ +cache:/m.test(text) &&
      text.split("actions/setup-node@").length === text.split("package-manager-cache: false").length,
    "publish waits for a reviewer": publish?.environment === "npm",
    "publish waits for the others": String(publish?.needs) === "build,check,windows",
    "publish takes only these actions": String(used) === "actions/setup-node,actions/download-artifact,actions/attest",
    "publish runs only these commands": runs(publish).every((line) =>
      /^(?:echo "\$\w+ {2}\$\(echo \*\.tgz\)" \| sha512sum --check --strict|tar -xOf .*|npm stage publish \.\/\*\.tgz --provenance|)$/.test(
        line,
      ),
    ),
    "publish compares with both builds":
      /BUILT: .*needs\.build\.outputs\.sha512[\s\S]*CHECKED: .*needs\.check\.outputs\.sha512/.test(text) &&
      ["BUILT", "CHECKED"].every((name) => runs(publish).some((line) => line.startsWith(`echo "$${name} `))),
    "check builds the tag again":
      runs(check).includes("npm run release") &&
      String(check?.steps[0]?.with?.ref).includes("needs.version.outputs.tag"),
    "check runs no install script": runs(check).includes("npm ci --ignore-scripts"),
    "check compares": runs(check).includes('diff --recursive release "$RUNNER_TEMP/built"'),
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}

it.each(workflows)(
  "%s is valid, pins actions by hash, keeps no credentials and gives id-token to no other job",
  (name, text) => {
    expect(problems(name, text)).toEqual([]);
  },
);

it("release.yml gives each job only its rights, and npm only a tarball that two machines have built", () => {
  expect(releaseProblems(release)).toEqual([]);
});

// The problem, where to begin, what is replaced there, and by what.
it.each([
  ["id-token: build", "\n  build:", "contents: read", "id-token: write"],
  ["id-token: all jobs", "", "permissions: {}", "permissions: { id-token: write }"],
  ["the jobs and their rights", "\n  check:", "contents: read", "contents: write"],
  ["permissions of the repository's settings", "", "permissions: {}", ""],
  ["no hash: actions/checkout@v6", "", /actions\/checkout@.*/, "actions/checkout@v6"],
  ["credentials stay", "\n  build:", "persist-credentials: false", "persist-credentials: true"],
  ["not valid", "\n  build:", "timeout-minutes", "timeout"],
  ["only main releases", "", "branches: [main]", "branches: [main, next]"],
  ["no setting reaches publish", "", "permissions: {}", "permissions: {}\nenv: { NODE_OPTIONS: x }"],
  ["no secret", "\n  publish:", "BUILT: ", "TOKEN: secrets.NPM_TOKEN\n          BUILT: "],
  ["no failure is ignored", "\n  check:", "- id: compare", "- id: compare\n        continue-on-error: true"],
  ["no cache", "\n  build:", "package-manager-cache: false", "cache: npm"],
  ["publish waits for a reviewer", "", "environment: npm", ""],
  ["publish waits for the others", "", "[build, check, windows]", "[build, windows]"],
  ["publish takes only these actions", "\n  publish:", "actions/attest@", "actions/checkout@"],
  ["publish runs only these commands", "\n  publish:", "npm stage", "npm ci && npm stage"],
  ["publish compares with both builds", "\n  publish:", 'echo "$CHECKED', 'echo "$BUILT'],
  ["check builds the tag again", "\n  check:", "npm run release", "ls release"],
  ["check runs no install script", "\n  check:", " --ignore-scripts", ""],
  ["check compares", "\n  check:", "diff --recursive", "ls"],
] as const)("a release.yml in which %s is broken is refused (%#)", (problem, after, before, changed) => {
  const at = release.indexOf(after);
  const broken = release.slice(0, at) + release.slice(at).replace(before, () => changed);
  expect(broken).not.toBe(release);
  expect([...problems("release.yml", broken), ...releaseProblems(broken)]).toContainEqual(
    expect.stringContaining(problem),
  );
});

it("every folder with a lock file runs no install script, and takes no package younger than a week", () => {
  for (const at of ["", "docs/", "examples/service/", "bench/"]) {
    const settings = readFileSync(new URL(`../../${at}.npmrc`, import.meta.url), "utf8").split("\n");
    expect(settings).toEqual(expect.arrayContaining(["ignore-scripts=true", "min-release-age=7"]));
  }
  const { updates } = parse(readFileSync(new URL("../dependabot.yml", folder), "utf8"));
  for (const { cooldown } of updates) expect(cooldown["default-days"]).toBeGreaterThanOrEqual(7);
});
