// What an import loads. The same on every machine, so the tests compare it as well.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Loaded
 * @property {string[]} files paths of the modules
 * @property {number} bytes of all of them
 * @property {string[]} builtIns modules of Node that a bare process does not load, by their names without "node:"
 */

/**
 * @param {string} name
 * @param {string} cwd where the package is installed
 * @returns {Loaded}
 */
export function loadedBy(name, cwd) {
  const list = (code = "") => {
    const all = `${code} console.log(JSON.stringify(process.moduleLoadList))`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", all], {
      cwd,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return /** @type {string[]} */ (JSON.parse(stdout));
  };
  const code = `await import(${JSON.stringify(name)});`;
  const bare = new Set(list());
  const builtIns = list(code)
    .filter((line) => !bare.has(line))
    .flatMap((line) => /^NativeModule (?!internal\/)(.+)$/.exec(line)?.[1] ?? []);
  return { ...filesOf(["--input-type=module", "-e", code], cwd), builtIns };
}

/**
 * The files that a process of Node loads.
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Omit<Loaded, "builtIns">}
 */
export function filesOf(args, cwd) {
  const folder = mkdtempSync(join(tmpdir(), "oplead-loaded-"));
  try {
    // V8's coverage names each script of the process once.
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const { status, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const files = readdirSync(folder)
      .flatMap((file) => JSON.parse(readFileSync(join(folder, file), "utf8")).result)
      .flatMap(({ url }) => (url.startsWith("file://") && !url.includes("[eval") ? [fileURLToPath(url)] : []));
    return { files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
