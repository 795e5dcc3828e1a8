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
  const folder = mkdtempSync(join(tmpdir(), "oplead-loaded-"));
  try {
    const run = (/** @type {string} */ code, env = process.env) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
        cwd,
        env,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
      return /** @type {string[]} */ (JSON.parse(stdout));
    };
    const list = "console.log(JSON.stringify(process.moduleLoadList))";
    const bare = new Set(run(list));
    const builtIns = run(`await import(${JSON.stringify(name)}); ${list}`)
      .filter((line) => !bare.has(line))
      .flatMap((line) => /^NativeModule (?!internal\/)(.+)$/.exec(line)?.[1] ?? []);
    // V8's coverage names each script of the process once.
    run(`await import(${JSON.stringify(name)}); console.log("[]")`, { ...process.env, NODE_V8_COVERAGE: folder });
    const files = readdirSync(folder)
      .flatMap((file) => JSON.parse(readFileSync(join(folder, file), "utf8")).result)
      .flatMap(({ url }) => (url.startsWith("file://") && !url.includes("[eval") ? [fileURLToPath(url)] : []));
    return { files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0), builtIns };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
