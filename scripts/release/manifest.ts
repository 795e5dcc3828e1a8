/** What a first publish needs of package.json and of the files beside it, and what the repository itself can fill in. */

/** The fields of package.json that say where the package comes from. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly repository?: { readonly type: string; readonly url: string };
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
}

/** A repository on GitHub, as `GITHUB_REPOSITORY` writes it: `owner/name`. */
export type Repository = `${string}/${string}`;

export function isRepository(text: string | undefined): text is Repository {
  return text !== undefined && /^[\w.-]+\/[\w.-]+$/.test(text);
}

/** The manifest with the repository's addresses. What is given already stays. */
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

/** A Markdown file whose relative links lead to the files of a release: on npm's page they would lead nowhere. */
export function withAbsoluteLinks(markdown: string, repository: Repository, version: string): string {
  const base = `https://github.com/${repository}/blob/v${version}/`;
  const pictures = `https://raw.githubusercontent.com/${repository}/v${version}/`;
  return markdown.replace(/(!?)(\[[^\]]*\])\((?!https?:|mailto:|#)(?:\.\/)?([^)\s]+)\)/g, (_, picture, text, target) =>
    picture === "!" ? `!${text}(${pictures}${target})` : `${text}(${base}${target})`,
  );
}

/** What the release is asked about, besides the manifest. */
export interface Surroundings {
  /** The repository in which the workflow runs. */
  readonly repository: Repository | undefined;
  readonly changelog: string | undefined;
  readonly owners: string;
  /** Changesets that wait for a version. */
  readonly changesets: number;
}

/** What is missing before a first publish, each with what to do. */
export function missing(manifest: Manifest, around: Surroundings): string[] {
  const problems: string[] = [];
  const { repository } = around;
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
