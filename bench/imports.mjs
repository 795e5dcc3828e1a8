// What importing an entry point costs beside @octokit/core: CPU time as a ratio, and what is loaded.
import { spawnSync } from "node:child_process";
import { loadedBy } from "./lib/loaded.mjs";
import { CLIENT_CORE, nodeOn } from "./lib/process.mjs";
import { note, progress, table, targets } from "./lib/report.mjs";
import { BENCH } from "./lib/setup.mjs";
import { median, quartile, rotate, round } from "./lib/stats.mjs";

const PEER = "@octokit/core";
const ENTRIES = ["oplead-sdk", "oplead-sdk/webhook", "oplead-sdk/sync", "oplead-sdk/coverage"];
const LIMITS = { "oplead-sdk": 0.8, "oplead-sdk/webhook": 1, "oplead-sdk/sync": 1.3 };

/** @param {import("./run.mjs").Context} context */
export async function imports({ ours, quick }) {
  const rounds = quick ? 8 : 25;
  const subjects = [
    { name: "", cwd: BENCH },
    { name: PEER, cwd: BENCH },
    { name: `${PEER}?again`, cwd: BENCH },
    ...(ours ? ENTRIES.map((name) => ({ name, cwd: ours.dir })) : []),
  ];
  /** @type {Map<string, number[]>} */
  const times = new Map(subjects.map(({ name }) => [name, []]));
  // Round -1 fills the file cache and is not counted.
  for (let index = -1; index < rounds; index++) {
    progress(`imports: round ${index + 1} of ${rounds}`);
    for (const { name, cwd } of rotate(subjects, index + 1)) {
      const ms = cpuOf(name.replace("?again", ""), cwd);
      if (index >= 0) times.get(name)?.push(ms);
    }
  }
  const bare = median(times.get("") ?? []);
  const peer = median(times.get(PEER) ?? []) - bare;
  const measured = subjects.slice(1).map(({ name, cwd }) => {
    const ratios = (times.get(name) ?? []).map((ms) => (ms - bare) / peer);
    const { files, bytes } = loadedBy(name.replace("?again", ""), cwd);
    const [low, high] = [quartile(ratios, 0.25), quartile(ratios, 0.75)];
    return {
      name: name.replace("?again", " (A/A)"),
      cpuMs: round(median(ratios) * peer, 1),
      ratio: round(median(ratios)),
      quartiles: [round(low), round(high)],
      modules: files.length,
      kB: round(bytes / 1000, 0),
    };
  });
  table(
    `CPU of an import above a bare Node (${bare.toFixed(1)} ms), median of ${rounds} processes, beside ${PEER}`,
    ["", "ms", "ratio", "quartiles", "modules", "kB"],
    measured.map((row) => [
      row.name,
      row.cpuMs.toFixed(1),
      row.ratio.toFixed(2),
      row.quartiles.map((value) => value.toFixed(2)).join(" to "),
      row.modules,
      row.kB,
    ]),
  );
  console.log("");
  note(`${PEER} against itself is the control: it ought to be 1.00.`);
  targets(
    Object.entries(LIMITS).flatMap(([what, limit]) => {
      const value = measured.find(({ name }) => name === what)?.ratio;
      return value === undefined ? [] : [{ what: `import "${what}"`, value, limit, unit: `of ${PEER}` }];
    }),
  );
  return { peer: PEER, bareMs: round(bare, 1), entries: measured };
}

/**
 * CPU time, because what else runs on the machine changes it less than the time on the clock.
 * @param {string} name of a package; "" for none
 * @param {string} cwd
 * @returns {number} milliseconds of a whole process
 */
function cpuOf(name, cwd) {
  const code = `${name && `import ${JSON.stringify(name)};`} const { user, system } = process.cpuUsage(); console.log(user + system);`;
  const { command, args } = nodeOn(CLIENT_CORE, ["--input-type=module", "-e", code]);
  const run = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 30_000 });
  if (run.status !== 0) throw new Error(`importing ${name} failed:\n${run.stderr}`);
  return Number(run.stdout) / 1000;
}
