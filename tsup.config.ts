import { defineConfig } from "tsup";
import { jitiFolder, shippedJiti } from "./scripts/shipped-jiti.ts";
import { thirdPartyLicenses } from "./scripts/third-party-licenses.ts";

/** What can be imported; package.json's "exports" says by which name. */
const entries = {
  index: "src/index.ts",
  raw: "src/raw.ts",
  sync: "src/sync/index.ts",
  webhook: "src/webhook/index.ts",
  coverage: "src/coverage/index.ts",
  config: "src/config/index.ts",
  "coverage-france": "src/coverage/france.ts",
  testing: "src/testing/index.ts",
  "testing-countries": "src/testing/countries.ts",
  msw: "src/testing/msw.ts",
};

export default defineConfig({
  entry: {
    ...entries,
    "send-fetch": "src/transport/send-fetch.ts",
    "send-node": "src/transport/send-node.ts",
    "sha256-noble": "src/hash/sha256-noble.ts",
    "sha256-node": "src/hash/sha256-node.ts",
  },
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  dts: { entry: entries },
  splitting: true,
  sourcemap: true,
  clean: true,
  // Without this every file would import every shared chunk, needed or not.
  treeshake: { moduleSideEffects: "no-external" },
  removeNodeProtocol: false,
  // zod's mini form is a hundred modules on disk, which is what makes importing it slow: bundled, it is a few functions.
  // @noble/hashes has no CommonJS form. csv-parse is loaded when a CSV file is read.
  noExternal: ["zod", "@noble/hashes", "csv-parse"],
  // Chosen by the "imports" field of package.json where the package is installed: node:http and node:crypto on Node, fetch
  // and JavaScript elsewhere.
  // classic-level is an optional dependency, looked for when a file ledger is opened.
  external: ["#send", "#sha256", /^node:/, "stream", "classic-level"],
  esbuildPlugins: [shippedJiti("dist"), thirdPartyLicenses("dist/THIRD-PARTY-LICENSES.txt", [jitiFolder])],
});
