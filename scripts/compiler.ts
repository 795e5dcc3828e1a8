// The native compiler, where no syntax tree is asked for: a sixth of the CPU time of the one in JavaScript.
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

export const TSC = join(ROOT, "node_modules/typescript-7/bin/tsc");

export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly text: string;
}

export function compile(folder: string, config: object): Complaint[] {
  return complaintsIn(printedBy(folder, config));
}

function printedBy(folder: string, config: object): string {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const args = [TSC, "-p", folder, "--pretty", "false"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  if (status === 0) return "";
  return stdout || `error TS0: the compiler ended with ${status}: ${stderr}`;
}

// Each complaint begins a line; its other lines are indented.
function complaintsIn(printed: string): Complaint[] {
  return printed
    .split(/\n(?=\S)/)
    .filter((text) => text !== "")
    .map((all) => {
      const [, file = "", line = "0", code = "", text = all] =
        /^(?:([^\s(][^(]*)\((\d+),\d+\): )?error TS(\d+): ([\s\S]*)$/.exec(all) ?? [];
      return { file, line: Number(line), code, text: text.trim().replace(/\s*\n\s*/g, " ") };
    });
}

export function writeDeclarations(
  files: readonly string[],
  { isChecked }: { readonly isChecked: boolean },
): { folder: string; remove(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "oplead-declarations-")));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
    // What the package's rooms tell each other is `@internal`.
    const output = {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      rootDir: ROOT,
      outDir: folder,
    };
    const config = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { ...output, noEmitOnError: isChecked, noCheck: !isChecked },
      files: files.map((file) => join(ROOT, file)),
      // The types of packages that have none.
      include: [join(ROOT, "src/**/*.d.ts")],
    };
    const printed = printedBy(folder, config);
    if (printed) throw new Error(`There are no declarations, because of errors:\n${printed}`);
    // The compiler writes none for declarations.
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
