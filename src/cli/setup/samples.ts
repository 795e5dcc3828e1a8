import { DOCUMENTED_ADDRESS } from "../../base/address.ts";
import { say } from "../texts/say.ts";

/** The parts of every config that `oplead init` writes. The policy is commented out: it suits platforms whose users share a country. */
export const parts = () => ({
  client: `  // ${say("sample_client")}
  client: {
    token: env("OPLEAD_TOKEN"),
    baseUrl: env("OPLEAD_BASE_URL", "${DOCUMENTED_ADDRESS}"),
  },
`,
  map: say("sample_map"),
  rules: say("sample_rules"),
  safety: `  // ${say("sample_ledger")}
  ledger: "./oplead-ledger",
  // ${say("sample_ledger_key")}
  ledgerKey: env("OPLEAD_LEDGER_KEY"),

  // ${say("sample_guard")}
  guard: { maxChanged: 0.2, maxMoved: 0.05 },

  // ${say("sample_policy")}
  // import { maxLost } from "oplead-sdk/coverage";
  // policies: [maxLost({ inhabitants: 100_000 })],
`,
});

export function sampleConfig(): string {
  const { client, map, rules, safety } = parts();
  return `// @ts-check
import { csvSource, defineConfig, env } from "oplead-sdk/config";

export default defineConfig({
${client}
  // ${say("sample_source")}
  source: csvSource("dealers.csv", {
    columns: ["ref", "profile", "parent", "civility", "firstname", "lastname", "email", "street", "zip", "city", "radius"],
  }),

  // ${say("sample_key")}
  // ${say("sample_prefix")}
  key: (row) => \`HR-\${row.ref}\`,

  // ${map}
  map: (row) => ({
    user: {
      accountNumber: \`HR-\${row.ref}\`,
      civility: row.civility,
      firstname: row.firstname,
      lastname: row.lastname,
      login: row.email,
      email: row.email,
      profile: { code: row.profile },
      parentUserIdentifier: row.parent === "" ? undefined : \`HR-\${row.parent}\`,
      address: { street: row.street, zipCode: row.zip, city: row.city, country: { code: "FR" } },
    },
    // ${rules}
    rules: row.radius === "" ? {} : { maxDistance: Number(row.radius) },
  }),

${safety}
  // ${say("sample_targets")}
  targets: {
    test: { client: { testMode: true } },
  },
});
`;
}

export const SAMPLE_CSV = `ref,profile,parent,civility,firstname,lastname,email,street,zip,city,radius
1001,PRF_NETWORK,,Mme,Noémie,Kermarrec,noemie.kermarrec@dealers.example,1 quai de la Gare,75013,Paris,
1002,PRF_REGION,1001,M.,Jérôme,Étienne,jerome.etienne@dealers.example,3 rue de Siam,29200,Brest,
1003,PRF_DEALER,1002,Mme,Inès,Petit,ines.petit@dealers.example,12 route de Lyon,01000,Bourg-en-Bresse,30
1004,PRF_DEALER,1002,M.,Paul,N'Diaye,paul.ndiaye@dealers.example,8 rue du Port,29000,Quimper,50
`;

export const GITIGNORE: readonly string[] = [
  "oplead-ledger/",
  "oplead-ledger.key",
  "oplead-ledger.pause",
  "oplead-ledger.run.json",
  "oplead-ledger.mark.json",
  "oplead-alerts.json",
  "oplead-plans.json",
  "oplead-audit.jsonl",
  "oplead-support.json",
  ".env",
];
