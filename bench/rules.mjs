// node bench/rules.mjs: what a rule of all French postcodes costs. Bundles the sources, so it needs no build.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  stdin: {
    contents: ["check", "from-zips", "geographical", "read"].map((file) => `export * from "./${file}.ts";`).join("\n"),
    resolveDir: fileURLToPath(new URL("../src/rules", import.meta.url)),
  },
  bundle: true,
  write: false,
  format: "esm",
  platform: "neutral",
});
const code = Buffer.from(outputFiles[0]?.contents ?? "").toString("base64");
const { checkRules, geographical, geographicalFromZips, readRules } = await import(
  `data:text/javascript;base64,${code}`
);

const require = createRequire(import.meta.url);
const communes = require.resolve("@etalab/decoupage-administratif/data/communes.json");
/** @type {Map<string, Set<string>>} */
const counties = new Map();
const zips = new Set();
for (const { departement, collectivite, codesPostaux = [] } of JSON.parse(readFileSync(communes, "utf8"))) {
  const number = departement ?? collectivite;
  for (const zip of codesPostaux) {
    counties.set(number, (counties.get(number) ?? new Set()).add(zip));
    zips.add(zip);
  }
}
/** Anew each time, because what was looked up in a country once is kept with it. */
const newFrance = () => ({
  code: "FR",
  label: "France",
  counties: [...counties].map(([number, set]) => ({ number, label: number, postCodeZips: [...set] })),
});
const france = newFrance();
const rule = geographicalFromZips(france, [...zips]).rule;
const wire = rule.toJSON();
const pairs = [...counties].flatMap(([county, set]) => [...set].map((zip) => [county, zip]));

/** @type {[string, () => () => unknown][]} */
const tasks = [
  ["geographicalFromZips, new country", () => () => geographicalFromZips(newFrance(), [...zips])],
  ["geographicalFromZips, known country", () => () => geographicalFromZips(france, [...zips])],
  ["geographicalFromZips, 20 zip codes", () => () => geographicalFromZips(france, [...zips].slice(1000, 1020))],
  [
    "zips(), one call per county",
    () => () => [...counties].reduce((all, [county, set]) => all.zips("FR", county, [...set]), geographical()),
  ],
  [
    "zips(), one call per zip code",
    () => () => pairs.reduce((all, [county, zip]) => all.zips("FR", county, [zip]), geographical()),
  ],
  ["toJSON", () => () => rule.toJSON()],
  ["readRules, builder", () => () => readRules({ geographical: rule })],
  ["readRules, plain data", () => () => readRules({ geographical: wire })],
  ["geographical.parse", () => () => geographical.parse(wire)],
  ["checkRules, known country", () => () => checkRules({ geographical: rule }, { countries: [france] })],
  [
    "build, check and read",
    () => () => {
      const country = newFrance();
      const { rule } = geographicalFromZips(country, [...zips]);
      checkRules({ geographical: rule }, { countries: [country] });
      readRules({ geographical: rule });
    },
  ],
];

console.log(`${zips.size} zip codes, ${pairs.length} with each county they lie in. Milliseconds:`);
for (const [name, prepare] of tasks) {
  const run = prepare();
  const start = performance.now();
  run();
  const first = performance.now() - start;
  const times = Array.from({ length: 60 }, () => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  }).sort((a, b) => a - b);
  console.log(
    `${name.padEnd(40)} first ${first.toFixed(2).padStart(7)}   median ${(times[30] ?? 0).toFixed(2).padStart(6)}`,
  );
}
