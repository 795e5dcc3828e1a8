/**
 * What a `fileLedger` writes for a night with few changes, and how many entries a second it acknowledges on a disk whose sync takes 5 ms. Bundles
 * the sources, so it needs no build. The slow disk is made by a library that comes before libc's (Linux, `cc`); without it the real disk is measured.
 *
 *     node bench/ledger.mjs
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ClassicLevel } from "classic-level";
import { build } from "esbuild";

const SLOW_DISK = `
  #include <unistd.h>
  int fdatasync(int fd) { usleep(5000); return 0; }
  int fsync(int fd) { usleep(5000); return 0; }`;

const nameOf = (index) => `ACC-${String(index).padStart(6, "0")}`;
const entryOf = (index, revision) => ({
  revision,
  id: String(100_000 + index),
  user: `${index}-${revision}-${"u".repeat(20)}`,
  fields: Object.fromEntries(["email", "lastName", "phone", "address"].map((name) => [name, `${name}${index % 97}`])),
  rules: { geographical: `g${index}-${"x".repeat(16)}`, maxDistance: `m${index}-${"y".repeat(16)}` },
  at: 1_767_945_600_000,
});

/** What this process has written to files so far. */
const written = () => Number(/wchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);

async function night({ fileLedger, writeChecked }, path) {
  const level = new ClassicLevel(path, { compression: false });
  for (let start = 0; start < 300_000; start += 1000) {
    const indexes = Array.from({ length: 1000 }, (_, at) => start + at);
    await level.batch(
      indexes.map((at) => ({ type: "put", key: nameOf(at), value: writeChecked(nameOf(at), entryOf(at, 1)) })),
    );
  }
  await level.compactRange("", "~");
  await level.close();
  const ledger = fileLedger(path);
  await ledger.get(nameOf(0));
  const [before, cpu] = [written(), process.cpuUsage()];
  await Promise.all(Array.from({ length: 3000 }, (_, at) => ledger.replace(nameOf(at * 100), 1, entryOf(at * 100, 2))));
  await ledger.close();
  const { user, system } = process.cpuUsage(cpu);
  const ms = Math.round((user + system) / 1000);
  console.log(
    `3,000 changes among 300,000: ${((written() - before) / 1e6).toFixed(1)} MB written, ${ms} ms of processor time`,
  );
}

async function rate({ fileLedger }, path, atOnce) {
  const ledger = fileLedger(path);
  await ledger.get(nameOf(0));
  const count = 100 * atOnce;
  const start = performance.now();
  let next = 0;
  const work = async () => {
    for (let at = next++; at < count; at = next++) await ledger.replace(nameOf(at), 0, entryOf(at, 1));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(`${atOnce} at once: ${Math.round(count / ((performance.now() - start) / 1000))} entries a second`);
  await ledger.close();
}

const [, , bundle, path, atOnce] = process.argv;
if (bundle) {
  const source = await import(pathToFileURL(bundle).href);
  if (atOnce) await rate(source, path, Number(atOnce));
  else await night(source, path);
} else {
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  const source = (path) => JSON.stringify(fileURLToPath(new URL(`../src/ledger/${path}`, import.meta.url)));
  const contents = `
    export { fileLedger } from ${source("file.ts")};
    export { writeChecked } from ${source("checked-value.ts")};`;
  try {
    const resolveDir = fileURLToPath(new URL("..", import.meta.url));
    // Beside its packages, which stay outside of the bundle.
    const outfile = join(resolveDir, "node_modules", ".ledger-bench.mjs");
    const options = { bundle: true, format: "esm", platform: "node", external: ["classic-level"], outfile };
    await build({ stdin: { contents, resolveDir }, ...options });
    const env = { ...process.env };
    try {
      writeFileSync(join(folder, "slow.c"), SLOW_DISK);
      execFileSync("cc", ["-shared", "-fPIC", "-o", join(folder, "slow.so"), join(folder, "slow.c")]);
      env.LD_PRELOAD = join(folder, "slow.so");
    } catch {
      console.log("No cc: the rate is that of the real disk.");
    }
    const run = (args, options = {}) =>
      process.stdout.write(execFileSync(process.execPath, [fileURLToPath(import.meta.url), outfile, ...args], options));
    run([join(folder, "night")]);
    for (const atOnce of [1, 4, 8, 32]) run([join(folder, `rate-${atOnce}`), String(atOnce)], { env });
    rmSync(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
