/**
 * What policies add to planning: 5,000 users over the postcodes of France, 20 ranges and 2 profile types, four policies; and the longest time that
 * the event loop waits. Bundles the sources, so it needs no build. Each case in a process of its own.
 *
 *     node bench/policies.mjs
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const CASES = ["unchanged", "one", "one-policy", "most", "most-policy"];

/** mulberry32: the same users on every run. */
function randomFrom(start) {
  let seed = start;
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const ranges = Array.from({ length: 20 }, (_, index) => `RNG_${index}`);

function usersOf(count, country, seed, asSent) {
  const random = randomFrom(seed);
  const any = (items) => items[Math.floor(random() * items.length)];
  return Array.from({ length: count }, (_, index) => {
    const county = any(country.counties);
    const zipCode = any(county.postCodeZips);
    const handled = { handledCounty: { number: county.number } };
    const zips = [zipCode, ...county.postCodeZips.filter((zip) => zip !== zipCode && random() < 0.5)];
    const counties = index % 3 === 0 ? [handled] : [{ ...handled, handledPostCodeZips: zips }];
    const geographical = { handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: counties }] };
    const competences = ranges
      .filter((range) => range === "RNG_0" || random() < 0.5)
      .map((code) => ({ range: { code } }));
    const area = index % 3 === 2 ? { maxDistance: 20 + Math.floor(random() * 60) } : { geographical };
    const rules = { ...area, competences, profileTypes: any([["pro"], ["single"], ["pro", "single"]]) };
    return {
      user: { accountNumber: `U${index}`, address: { zipCode, country: { code: "FR" } } },
      rules: asSent(rules),
      ...{ segment: county.number, unknown: [], isPlaceUnknown: false, counts: true },
    };
  });
}

async function measure(which, bundle) {
  const { franceCountry, locate, exclusive, maxLost, requireCoverage, policiesOnUsers, readRules } = await import(
    bundle
  );
  const asSent = (rules) => Object.fromEntries(readRules(rules).map(({ name, body }) => [name, body]));
  const country = franceCountry();
  locate("75001", "FR");
  const [before, after] = [1, 2].map((seed) => usersOf(5000, country, seed, asSent));
  const isChanged = (index) => (which.startsWith("most") ? index % 5 > 0 : which.startsWith("one") && index === 2);
  const where = { country: "FR" };
  const all = [
    requireCoverage({ where, atLeast: 1 }),
    requireCoverage({ where: { country: "FR", counties: ["29", "75"] }, atLeast: 3 }),
    exclusive({ where, group: ({ segment }) => segment }),
    maxLost({ postcodes: 3 }),
  ];
  const policies = which.endsWith("policy") ? all.slice(0, 1) : all;
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const memory = process.memoryUsage().rss;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const findings = await policiesOnUsers(policies, {
    universe: { countries: [country], ranges, requestTypes: [], contactProfiles: [] },
    locate,
    unchanged: before.filter((_, index) => !isChanged(index)),
    changes: before.flatMap((was, index) =>
      isChanged(index) ? [{ accountNumber: was.user.accountNumber, before: was, after: after[index] }] : [],
    ),
    isState: false,
    signal: undefined,
  });
  const ms = Math.round(performance.now() - start);
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  const megabytes = Math.round((process.resourceUsage().maxRSS * 1024 - memory) / 1e6);
  console.log(
    `${which}: ${ms} ms (${Math.round((user + system) / 1000)} ms of processor time), ${megabytes} MB more at most, event loop waits ${Math.round(longest)} ms at most, ${findings} findings`,
  );
}

const [, , which, given] = process.argv;
if (which) await measure(which, given);
else {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  const source = (path) => JSON.stringify(fileURLToPath(new URL(`../src/${path}`, import.meta.url)));
  const contents = `
    export * from ${source("coverage/index.ts")};
    export { franceCountry, locate } from ${source("coverage/france.ts")};
    export { readRules } from ${source("rules/rules.ts")};
    export async function policiesOnUsers(policies, context) {
      if (context.changes.length === 0) return 0;
      let findings = 0;
      for (const policy of policies) findings += (await policy.judge(context)).length;
      return findings;
    }`;
  try {
    const outfile = join(folder, "policies.mjs");
    const resolveDir = fileURLToPath(new URL("..", import.meta.url));
    await build({ stdin: { contents, resolveDir }, bundle: true, format: "esm", platform: "node", outfile });
    for (const name of CASES) {
      process.stdout.write(
        execFileSync(process.execPath, [fileURLToPath(import.meta.url), name, pathToFileURL(outfile).href]),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
