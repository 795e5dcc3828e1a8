import { DOCUMENTED_ADDRESS } from "../../../base/address.ts";
import { say } from "../../texts/say.ts";

/** The parts of every config that `oplead init` writes. The policy is commented out: it suits platforms whose users share a country. */
export const parts = () => ({
  client: `  // ${say("Where Oplead is and how to log in. Put OPLEAD_TOKEN into the environment or into a file .env beside this one.")}
  client: {
    token: env("OPLEAD_TOKEN"),
    baseUrl: env("OPLEAD_BASE_URL", "${DOCUMENTED_ADDRESS}"),
  },
`,
  map: say(
    "What Oplead shall have. Return null to leave a row out. What throws here makes this row invalid, and the others go on.",
  ),
  rules: say("The rules decide which leads a user gets. Rules that are left out stay as they are."),
  safety: `  // ${say("What Oplead has accepted so far. Keep this folder from run to run.")}
  ledger: "./oplead-ledger",
  // ${say("The secret of the ledger, which init has written into .env. Keep both; give it to each machine that uses this config.")}
  ledgerKey: env("OPLEAD_LEDGER_KEY"),

  // ${say("A run that would change more than this is stopped before it sends anything.")}
  guard: { maxChanged: 0.2, maxMoved: 0.05 },

  // ${say("A policy, to be uncommented: a plan that takes the last user from postcodes with more people than this is refused.")}
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
  // ${say("Where the users come from: csvSource, excelSource, jsonSource, restSource, any (async) iterable, or a function that returns one.")}
  source: csvSource("dealers.csv", {
    columns: ["ref", "profile", "parent", "civility", "firstname", "lastname", "email", "street", "zip", "city", "radius"],
  }),

  // ${say("The account number of a row. It must be unique and never change.")}
  // ${say("The prefix keeps it apart from Oplead IDs: a number of digits only could be the ID of another user, and is refused.")}
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
  // ${say('Other platforms, chosen by --target. "fake" is always there: a fake Oplead that needs no token.')}
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
