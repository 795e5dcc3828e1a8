/** The native compiler, where no syntax tree is asked for: it takes a sixth of the processor time of the compiler in JavaScript. */
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
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The program, for `node`. */
export const TSC = join(ROOT, "node_modules/typescript-7/bin/tsc");

/**
 * Writes the declarations of files of src/, and of all that they import, into a new folder, as they lie in the repository. With
 * `isChecked` it throws what the compiler says of errors.
 */
export function writeDeclarations(
  files: readonly string[],
  { isChecked }: { readonly isChecked: boolean },
): { folder: string; remove(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "oplead-declarations-")));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    // Where the declarations look for packages.
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
    const output = { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: ROOT, outDir: folder };
    const config = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { ...output, noEmitOnError: isChecked, noCheck: !isChecked },
      files: files.map((file) => join(ROOT, file)),
      // The types of packages that have none.
      include: [join(ROOT, "src/**/*.d.ts")],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { status, stdout, stderr } = spawnSync(process.execPath, [TSC, "-p", folder, "--pretty", "false"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`There are no declarations, because of errors:\n${stdout}${stderr}`);
    // The compiler takes declarations as they are, and writes none for them.
    mkdirSync(join(folder, "generated"), { recursive: true });
    for (const name of readdirSync(join(ROOT, "generated")).filter((name) => name.endsWith(".d.ts"))) {
      copyFileSync(join(ROOT, "generated", name), join(folder, "generated", name));
    }
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
