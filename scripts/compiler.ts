/**
 * The native compiler, for what needs no syntax tree: it checks types and writes declarations in a sixth of the processor time that the
 * compiler in JavaScript takes.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The program, for `node`. */
export const TSC = join(dirname(createRequire(import.meta.url).resolve("typescript-7/package.json")), "bin/tsc");

/** A new folder outside of the repository, in which files find the packages of the repository. */
export function compilerFolder(): { folder: string; remove(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "oplead-compiler-")));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Compiles with a configuration, which is written to the folder. Returns the complaints; empty if there are none. */
export function compile(folder: string, config: object): string {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const args = [TSC, "-p", folder, "--pretty", "false"];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0 && !stdout) throw new Error(`The compiler failed: ${stderr}`);
  return status === 0 ? "" : stdout;
}

/**
 * Writes the declarations of files of src/, and of all that they import, into a folder, as they lie in the repository. With `isChecked` it
 * throws what the compiler says of errors.
 */
export function writeDeclarations(
  files: readonly string[],
  { isChecked }: { readonly isChecked: boolean },
): ReturnType<typeof compilerFolder> {
  const made = compilerFolder();
  const { folder, remove } = made;
  try {
    const output = { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: ROOT, outDir: folder };
    const complaints = compile(folder, {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { ...output, noEmitOnError: isChecked, noCheck: !isChecked },
      files: files.map((file) => join(ROOT, file)),
      // The types of packages that have none.
      include: [join(ROOT, "src/**/*.d.ts")],
    });
    if (complaints) throw new Error(`There are no declarations, because of errors:\n${complaints}`);
    // The compiler takes declarations as they are, and writes none for them.
    mkdirSync(join(folder, "generated"), { recursive: true });
    for (const name of readdirSync(join(ROOT, "generated")).filter((name) => name.endsWith(".d.ts"))) {
      copyFileSync(join(ROOT, "generated", name), join(folder, "generated", name));
    }
    return made;
  } catch (error) {
    remove();
    throw error;
  }
}
