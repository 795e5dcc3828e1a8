/**
 * How long coverage takes, and how much memory, and then answers about one lead: 500, 5,000, 20,000 and 50,000 users over the 6,310 postcodes of France, 20 ranges, 4 request types
 * and 2 profile types. Each in a process of its own. Needs `npm run build`.
 *
 *     node bench/coverage.mjs
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { coverage, explainLead } from "../dist/coverage.js";
import { franceCountry, locate } from "../dist/coverage-france.js";

const ranges = Array.from({ length: 20 }, (_, index) => `RNG_${index}`);
const requestTypes = ["RTY_A", "RTY_B", "RTY_C", "RTY_D"];
const country = franceCountry();

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

function usersOf(count) {
  const random = randomFrom(1);
  const any = (items) => items[Math.floor(random() * items.length)];
  return Array.from({ length: count }, (_, index) => {
    const county = any(country.counties);
    const zipCode = any(county.postCodeZips);
    const handled = { handledCounty: { number: county.number } };
    const zips = [zipCode, ...county.postCodeZips.filter((zip) => zip !== zipCode && random() < 0.5)];
    const counties = index % 3 === 0 ? [handled] : [{ ...handled, handledPostCodeZips: zips }];
    const geographical = { handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: counties }] };
    const competences = ranges
      .filter(() => random() < 0.5)
      .concat("RNG_0")
      .flatMap((range) =>
        requestTypes
          .filter((type) => type === "RTY_A" || random() < 0.5)
          .map((type) => ({ range: { code: range }, requestType: { code: type } })),
      );
    const area = index % 3 === 2 ? { maxDistance: 20 + Math.floor(random() * 60) } : { geographical };
    const profileTypes = any([["pro"], ["single"], ["pro", "single"]]);
    return {
      user: { accountNumber: `U${index}`, address: { zipCode, country: { code: "FR" } } },
      rules: { ...area, competences, profileTypes },
    };
  });
}

const count = Number(process.argv[2]);
if (count > 0) {
  const users = usersOf(count);
  const universe = { countries: [country], ranges, requestTypes, contactProfiles: [] };
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const network = await coverage(users, { universe, locate });
  const ms = Math.round(performance.now() - start);
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = (bytes) => Math.round(bytes / 1e6);
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(
    `${count} users: ${ms} ms (${Math.round((user + system) / 1000)} ms of processor time), ${megabytes(peak)} MB at most, of which ${megabytes(before)} MB for Node, the table and the users; ` +
      `${network.classes.length} classes, ${network.findings.length} findings`,
  );
  const lead = { country: "FR", zipCode: "29200", range: "RNG_0", requestType: "RTY_A", profileType: "pro" };
  const answers = {
    eligible: () => network.eligible(lead),
    explain: async () => (await network.explain(lead)).render("text"),
    explainLead: async () => (await explainLead(lead, users, { countries: [country], locate })).render("text"),
  };
  for (const [name, answer] of Object.entries(answers)) {
    const times = [];
    for (let round = 0; round < 9; round += 1) {
      const before = process.cpuUsage();
      await answer();
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    console.log(`  ${name}: ${times.sort((a, b) => a - b)[4].toFixed(1)} ms of processor time for one lead`);
  }
} else {
  for (const users of [500, 5000, 20_000, 50_000]) {
    process.stdout.write(execFileSync(process.execPath, [fileURLToPath(import.meta.url), String(users)]));
  }
}
