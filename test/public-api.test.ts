import { expect, it } from "vitest";
import * as core from "../src/index.ts";
import { user } from "./support/users.ts";

// A change here is a change of the public API and needs a changeset.
const EXPORTS: Record<string, [file: string, names: string]> = {
  ".": [
    "src/index.ts",
    "OpleadError checkRules code competences contactProfiles createOplead geographical geographicalFromZips isOpleadError " +
      "maxDistance pinoLogger profileTypes ruleSchemas userRulesSchema userSchema version",
  ],
  "./raw": ["src/raw.ts", "rawClient"],
  "./sync": [
    "src/sync/index.ts",
    "RecordError SyncGuardError among auditFile checkSourceUser coverageUserOf createLedger failedReport fileLedger forgetUser importIds " +
      "isProblem listLeavers markLeaver memoryLedger moveUsers pauseRuns planSync readPause readSavedPlan reconcileUser syncUsers",
  ],
  "./webhook": [
    "src/webhook/index.ts",
    "createUserWebhook hmacSignature memoryDeliveries memoryLedger standardWebhooks stripeStyle " + "toNodeListener",
  ],
  "./redis": ["src/redis/index.ts", "redisDeliveries redisLedger redisRate"],
  "./coverage": [
    "src/coverage/index.ts",
    "areaChanges assumptionsOf compareCoverage coverage coverageOf defaultAssumptions exclusive explainLead maxLost policyFinding requireCoverage",
  ],
  "./coverage/france": ["src/coverage/france.ts", "franceCountry locate"],
  "./config": [
    "src/config/index.ts",
    "cell clientCredentials columns concatSources csvSource defineConfig env excelSource joinSources jsonSource notifiers restSource sourceOfFile",
  ],
  "./bullmq": ["src/bullmq/index.ts", "userQueue"],
  "./otel": ["src/otel.ts", "openTelemetry"],
  "./text": ["src/text.ts", "textOf"],
  "./testing": ["src/testing/index.ts", "createFakeOplead deliveryContract ledgerContract realCountries signDelivery"],
  "./msw": ["src/testing/msw.ts", "opleadHandlers"],
};

it.each(Object.entries(EXPORTS))(
  "the entry point %s exports exactly the names listed",
  async (_path, [file, names]) => {
    const entry: object = await import(new URL(`../${file}`, import.meta.url).href);
    expect(Object.keys(entry).sort()).toEqual(names.split(" "));
  },
);

it("every entry point of package.json has its exports listed", async () => {
  const { default: manifest } = await import("../package.json", { with: { type: "json" } });
  const paths = Object.keys(manifest.exports).filter((path) => path !== "./package.json");
  expect(Object.keys(EXPORTS).sort()).toEqual(paths.sort());
});

it("the exported version is that of package.json", async () => {
  const { default: manifest } = await import("../package.json", { with: { type: "json" } });
  expect(core.version).toBe(manifest.version);
});

const validate = core.userSchema["~standard"].validate;

it("userSchema returns the same object that it was given", () => {
  const value = user(1, { custom: { more: { than: "known" } } });
  const result = validate(value);
  expect(result.issues).toBeUndefined();
  expect((result as { value: unknown }).value).toBe(value);
});

it("userSchema lists every problem with its path", () => {
  const { lastname, ...rest } = user(1);
  const wrong = {
    ...rest,
    lastName: lastname,
    civility: " ",
    email: "nobody",
    phone: 612345678,
    accountNumber: " ACC-1",
    parentUserIdentifier: "..",
    profile: "PRF",
    address: { zipCode: 1000, city: "", country: { code: "fr" } },
  };
  const issues = validate(wrong).issues?.map(({ path, message }) => `${path.join(".")}: ${message}`);
  expect(issues).toEqual([
    "civility: must not be empty",
    "email: is not an e-mail address",
    "address.zipCode: postcodes are text: a leading zero was probably lost. Read the column as text",
    "address.city: must not be empty",
    'address.country.code: must be the two-letter country code in capitals, for example "FR"',
    'profile: must be an object: { code: "…" }',
    "parentUserIdentifier: must be the parent's Oplead ID or accountNumber, as text without white space",
    "accountNumber: has white space around it, and would be another identifier with it",
    "phone: must be text: a leading zero was probably lost",
    'lastName: is not a field that Oplead is known to have; "lastname" is one. Correct it, or list it in platform.customFields',
  ]);
});

it.each(["a@b.fr", "first.last+tag@sub.example.museum", "éléonore@société.fr", "o'neil@x.io"])(
  "userSchema accepts the e-mail address %s",
  (email) => {
    expect(validate(user(1, { email })).issues).toBeUndefined();
  },
);

it.each(["a@b", "a b@c.fr", "@c.fr", "a@", "a@@b.fr", "a@b..fr", "a@.fr"])(
  "userSchema refuses the e-mail address %s",
  (email) => {
    expect(validate(user(1, { email })).issues).toHaveLength(1);
  },
);

it("isOpleadError recognises an OpleadError, and nothing else", () => {
  expect(core.isOpleadError(new core.OpleadError("timeout", "…"))).toBe(true);
  for (const stranger of [new Error("x"), null, undefined, "OpleadError", { name: "OpleadError", code: "timeout" }]) {
    expect(core.isOpleadError(stranger)).toBe(false);
  }
});

it("an error message shows twenty problems, and issues has them all", async () => {
  const zips = Array.from({ length: 50 }, (_, i) => i);
  const oplead = core.createOplead({ token: "t" });
  const rules = { geographical: { handledCountries: [] as never[] }, maxDistance: -1 } as core.UserRules;
  await expect(oplead.setRules("A", rules)).rejects.toMatchObject({ code: "invalid_input" });
  const build = () => core.geographical().zips("FR", "75", zips as unknown as string[]);
  expect(build).toThrow(/and 30 more, all in error\.issues/);
});
