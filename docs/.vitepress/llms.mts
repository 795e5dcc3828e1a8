/** What programs read in place of the site: each page as Markdown, the list of all pages, and all guides in one file. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A page of the list. */
export interface LlmsPage {
  readonly section: string;
  readonly title: string;
  /** Relative to docs/. */
  readonly file: string;
  readonly description: string | undefined;
}

/** Without front matter, and without the comments that tests read. */
export function asPlainMarkdown(source: string): string {
  return source.replace(/^---\n[\s\S]*?\n---\n+/, "").replace(/^ *<!--.*-->\n+/gm, "");
}

/** The text of llms.txt. `address` is where the site stands, with a slash at its end. */
export function llmsList(pages: readonly LlmsPage[], address: string): string {
  const sections = [...new Set(pages.map(({ section }) => section))].map((name) => {
    const lines = pages
      .filter(({ section }) => section === name)
      .map(({ title, file, description }) => `- [${title}](${address}${file})${description ? `: ${description}` : ""}`);
    return `## ${name}\n\n${lines.join("\n")}\n`;
  });
  return `# oplead-sdk

> Keeps the users of Oplead (sales reps, dealers, agencies) in step with your own HR, CRM or dealer database: a command, a nightly batch, a webhook.

All guides in one file: [llms-full.txt](${address}llms-full.txt). Try everything against the fake (\`--target fake\`, \`createFakeOplead\`): the real Oplead has no way to delete a user.

${sections.join("\n")}`;
}

/** Writes the files beside the built pages. */
export function writeLlms(docs: string, dist: string, pages: readonly LlmsPage[], address: string): void {
  for (const { file } of pages) {
    if (!existsSync(join(docs, file))) throw new Error(`llms.txt names ${file}, which does not exist.`);
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    writeFileSync(join(dist, file), asPlainMarkdown(readFileSync(join(docs, file), "utf8")));
  }
  writeFileSync(join(dist, "llms.txt"), llmsList(pages, address));
  const guides = pages.filter(({ file }) => !file.startsWith("reference/api/") && !file.startsWith("fr/"));
  const texts = guides.map(
    ({ file }) => `<!-- ${address}${file} -->\n\n${asPlainMarkdown(readFileSync(join(docs, file), "utf8"))}`,
  );
  writeFileSync(join(dist, "llms-full.txt"), texts.join("\n\n"));
}
