/**
 * Writes the licences of the packages whose code or data ends up inside dist/: their authors ask for them to travel along. As an
 * esbuild plugin it sees what was really bundled, so there is no list to keep. The files in generated/ that hold data of others name
 * the sources and licences in a comment that begins with `/*!`.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Options } from "tsup";

// tsup may bring an esbuild of its own: this is the plugin type of that one.
type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const LICENSE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * Give the same plugin to all builds that share an output folder: the file then names what any of them bundled.
 *
 * @param copied The folders of packages that are copied as they are.
 */
export function thirdPartyLicenses(file: string, copied: readonly string[] = []): Plugin {
  const folders = new Set(copied);
  const data = new Set<string>();
  return {
    name: "third-party-licenses",
    setup(build) {
      build.initialOptions.metafile = true;
      const root = build.initialOptions.absWorkingDir ?? process.cwd();
      build.onEnd(async ({ metafile }) => {
        for (const input of Object.values(metafile?.outputs ?? {}).flatMap((output) => Object.keys(output.inputs))) {
          const folder = packageFolder(resolve(root, input));
          if (folder !== undefined) folders.add(folder);
          else if (/(^|\/)generated\/[^/]+$/.test(input)) data.add(resolve(root, input));
        }
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, (await renderLicenses([...folders])) + (await renderNotices([...data])));
      });
    },
  };
}

/** The folder of the package that a module belongs to, or undefined for a module of our own. */
export function packageFolder(module: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0];
}

/** The notices of generated files that hold data of others; those of the others are none. */
export async function renderNotices(files: string[]): Promise<string> {
  const texts = await Promise.all(files.sort().map((file) => readFile(file, "utf8")));
  const notices = texts.flatMap((text) => /^\/\*!\n([\s\S]*?)\n \*\//.exec(text)?.[1] ?? []);
  if (notices.length === 0) return "";
  const plain = notices.map((notice) => notice.replaceAll(/^ \* ?/gm, ""));
  return `\n${"-".repeat(80)}\nData\n${"-".repeat(80)}\n\n${plain.join("\n\n")}\n`;
}

/** Rejects when a package has no licence file: better no release than one without permission. */
export async function renderLicenses(folders: string[]): Promise<string> {
  const sections = await Promise.all(
    folders.map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
      const title = `${manifest.name} ${manifest.version} (${manifest.license})`;
      const files = (await readdir(folder)).filter((name) => LICENSE_FILE.test(name)).sort();
      if (files.length === 0) throw new Error(`${title} is bundled, but it has no licence file to pass on.`);
      const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
      return `${"-".repeat(80)}\n${title}\n${"-".repeat(80)}\n\n${texts.map((text) => text.trim()).join("\n\n")}\n`;
    }),
  );
  if (sections.length === 0) return "The files of this package contain no code of other packages.\n";
  return `The files of this package contain code of the packages below.\n\n${sections.sort().join("\n")}`;
}
