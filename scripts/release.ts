// `check` prints what is missing before the first publish, and what only a person can do. `fill` writes the
// repository's addresses into package.json and the README, whose relative links would lead nowhere on npm's page; its
// checkout is thrown away.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { isMain } from "./generated-file.ts";

const ROOT = new URL("../", import.meta.url);

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly repository?: { readonly type: string; readonly url: string };
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
}

// `owner/name`, as GITHUB_REPOSITORY.
export type Repository = `${string}/${string}`;

export function isRepository(text: string | undefined): text is Repository {
  return text !== undefined && /^[\w.-]+\/[\w.-]+$/.test(text);
}

// What is given already stays.
export function filled<T extends Manifest>(manifest: T, repository: Repository): T & Required<Manifest> {
  const [owner, name] = repository.split("/") as [string, string];
  const page = `https://github.com/${repository}`;
  return {
    ...manifest,
    repository: manifest.repository ?? { type: "git", url: `git+${page}.git` },
    homepage: manifest.homepage ?? `https://${owner.toLowerCase()}.github.io/${name}/`,
    bugs: manifest.bugs ?? { url: `${page}/issues` },
  };
}

// `error.docs` leads to it.
export function runbookOf({ homepage }: Manifest): string | undefined {
  return homepage === undefined ? undefined : new URL("operate/runbook", homepage.replace(/\/?$/, "/")).href;
}

const PLACEHOLDER = /\b(?:example|owner|placeholder|todo|your)\b|[<>]/i;

export function withAbsoluteLinks(markdown: string, repository: Repository, version: string): string {
  const base = `https://github.com/${repository}/blob/v${version}/`;
  const pictures = `https://raw.githubusercontent.com/${repository}/v${version}/`;
  return markdown
    .replace(/(!?)(\[[^\]]*\])\((?!https?:|mailto:|#)(?:\.\/)?([^)\s]+)\)/g, (_, picture, text, target) =>
      picture === "!" ? `!${text}(${pictures}${target})` : `${text}(${base}${target})`,
    )
    .replace(/( src(?:set)?=")(?!https?:)/g, `$1${pictures}`);
}

export interface Surroundings {
  readonly repository: Repository | undefined;
  readonly changelog: string | undefined;
  readonly owners: string;
  readonly changesets: number;
}

export function missing(manifest: Manifest, around: Surroundings): string[] {
  const problems: string[] = [];
  const { repository } = around;
  const { repository: own, homepage, bugs } = manifest;
  for (const [field, address] of Object.entries({ repository: own?.url, homepage, bugs: bugs?.url })) {
    if (address !== undefined && PLACEHOLDER.test(address))
      problems.push(`package.json has a placeholder as "${field}": take it away, and the release fills it in.`);
  }
  if (repository === undefined) {
    for (const field of ["repository", "homepage", "bugs"] as const) {
      if (manifest[field] === undefined)
        problems.push(
          `package.json has no "${field}": the release workflow fills it in from the repository it runs in.`,
        );
    }
  } else if (manifest.repository !== undefined && !manifest.repository.url.includes(`github.com/${repository}`)) {
    problems.push(
      `package.json names the repository ${manifest.repository.url}, and the workflow runs in ${repository}: npm refuses the provenance (E422).`,
    );
  }
  if (manifest.version === "0.0.0" && around.changesets === 0)
    problems.push("The version is 0.0.0 and no changeset waits: npx changeset.");
  if (manifest.version !== "0.0.0" && !around.changelog?.includes(`## ${manifest.version}`))
    problems.push(`CHANGELOG.md does not describe ${manifest.version}: npm run release:version.`);
  if (!/^[^#\s].*@\S/m.test(around.owners))
    problems.push(".github/CODEOWNERS names no owner: nobody is asked to review.");
  return problems;
}

// What no program of this repository can see or do.
export const FOR_A_PERSON = [
  "npm, once: two-factor authentication for each maintainer; the name oplead is reserved by them too, for those who type npx oplead.",
  "GitHub, once: the repository is public, and reports of vulnerabilities are private. Actions may create pull requests. The environment npm has required reviewers, no self-review, and only the branch main. Rulesets protect main and the tags v*.",
  "First version, which no trusted publisher can publish: reject the job publish and download the artifact release of its run. There: sha512sum --check SHA512SUMS, npm login, npm publish ./*.tgz --provenance=false, npm logout. That deletes the token.",
  "Right after it: npm trust github oplead-sdk --repo OWNER/NAME --file release.yml --env npm --allow-stage-publish. In the package's settings: require two-factor authentication and disallow tokens.",
  "Each later version: a reviewer approves the job publish; a maintainer compares npm stage download with the SHA512SUMS of the run, then runs npm stage approve.",
];

async function check(): Promise<void> {
  const manifest = JSON.parse(await read("package.json")) as Manifest;
  const { GITHUB_REPOSITORY: repository } = process.env;
  const problems = missing(manifest, {
    repository: isRepository(repository) ? repository : undefined,
    changelog: await read("CHANGELOG.md").catch(() => undefined),
    owners: await read(".github/CODEOWNERS").catch(() => ""),
    changesets: (await readdir(new URL(".changeset/", ROOT))).filter(
      (name) => name.endsWith(".md") && name !== "README.md",
    ).length,
  });
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? "Nothing is missing." : `\n${problems.length} to do before the first publish.`);
  console.log(["\nFor a person:", ...FOR_A_PERSON].join("\n- "));
  process.exitCode = problems.length === 0 ? 0 : 1;
}

export async function fill(folder: URL, repository: string | undefined): Promise<void> {
  if (!isRepository(repository)) throw new Error("Set GITHUB_REPOSITORY to owner/name.");
  const [manifest, readme] = [new URL("package.json", folder), new URL("README.md", folder)];
  const known = filled(JSON.parse(await readFile(manifest, "utf8")) as Manifest, repository);
  await writeFile(manifest, `${JSON.stringify(known, null, 2)}\n`);
  await writeFile(readme, withAbsoluteLinks(await readFile(readme, "utf8"), repository, known.version));
}

const read = (file: string): Promise<string> => readFile(new URL(file, ROOT), "utf8");

if (isMain(import.meta.url)) {
  if (process.argv[2] === "check") await check();
  else if (process.argv[2] === "fill") await fill(ROOT, process.env.GITHUB_REPOSITORY);
  else throw new Error("Say check or fill.");
}
