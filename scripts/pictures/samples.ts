import { createOplead } from "oplead-sdk";
import { areaChanges, maxLost } from "oplead-sdk/coverage";
import { locate } from "oplead-sdk/coverage/france";
import { type MappedRecord, memoryLedger, planSync, type SyncOptions } from "oplead-sdk/sync";
import { createFakeOplead, realCountries } from "oplead-sdk/testing";
import { readDealers, readNetwork, universe } from "../../examples/dealers.ts";

const LABELS = {
  RNG_CARS: "Voitures",
  RNG_ELECTRIC: "Électriques",
  RNG_VANS: "Utilitaires",
  RNG_TRUCKS: "Poids lourds",
  RTY_QUOTE: "Devis",
  RTY_TEST_DRIVE: "Essai",
  RTY_REPAIR: "Réparation",
};

const COMPANY = "Réseau Exemple";

// A second night: some radii and telephones change, four are new, two rows are wrong.
export async function calmPlanPage(): Promise<string> {
  // With real postcodes no record looks wrong.
  const fake = createFakeOplead({ countries: realCountries() });
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, rateLimit: { requests: 1_000, perMs: 100 } });
  const dealers = readDealers();
  const options: SyncOptions<(typeof dealers)[number]> = {
    source: dealers.slice(0, -4),
    ledger: memoryLedger(),
    map: (user) => ({ user, rules: { maxDistance: 30 } }),
  };
  await (await planSync(oplead, { ...options, guard: false })).apply();
  const plan = await planSync(createOplead({ token: "fake-token", fetch: fake.fetch }), {
    ...options,
    source: [...dealers.entries()],
    map: ([index, user]) => ({
      user: {
        ...user,
        ...(index % 40 === 7 && { phone: "+33298000042" }),
        ...(index === 250 && { email: "nobody" }),
        ...(index === 251 && { lastname: "" }),
      },
      rules: { maxDistance: index % 25 === 9 ? 80 : 30 },
    }),
  } as SyncOptions<[number, (typeof dealers)[number]]>);
  return plan.render("html");
}

// An export lost much: most radii are too small, a range is gone, 31 dealers are missing, and new dealers wait for a
// manager who cannot be sent.
export async function refusedPlanPage(language: "en" | "fr"): Promise<string> {
  const fake = createFakeOplead({ countries: realCountries() });
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, rateLimit: { requests: 1_000, perMs: 100 } });
  const rulesOf = new Map(readNetwork().map(({ user, rules }) => [user.accountNumber, rules]));
  const before = readDealers().map((user) => ({ user, rules: rulesOf.get(user.accountNumber) }));
  const options = {
    ledger: memoryLedger(),
    map: (record: MappedRecord) => record,
    guard: { segments: ({ parentUserIdentifier }) => String(parentUserIdentifier ?? "RESEAU") },
    coverage: { universe, locate, labels: LABELS, areas: areaChanges, receives: undefined },
    advanced: { made: { by: "zoe", company: COMPANY, from: "rh.xlsx" } },
    now: () => Date.parse("2026-01-31T05:00:00Z"),
    policies: [maxLost({ inhabitants: 300_000, name: "300 000 habitants au plus" })],
  } satisfies Partial<SyncOptions<MappedRecord>>;
  await (await planSync(oplead, { ...options, source: before as MappedRecord[], guard: false })).apply();
  const after = before.flatMap(({ user, rules }, index) => {
    if (index >= 60 && index < 91) return [];
    const { maxDistance } = { ...rules };
    const pairs: { range: { code: string } }[] = JSON.parse(JSON.stringify(rules?.competences ?? []));
    const competences = pairs.filter(({ range }) => index % 3 > 0 || range.code !== "RNG_TRUCKS");
    const shorter = maxDistance === undefined ? {} : { maxDistance: Number(maxDistance) >= 90 ? 12 : 45 };
    return [
      {
        user: { ...user, ...(index % 25 === 9 && { phone: "+33298000042" }) },
        rules: rules && { ...rules, ...shorter, ...(competences.length > 0 && { competences }) },
      },
    ];
  });
  const [first] = before.slice(-1) as [(typeof before)[number]];
  const added = ["HR-2001", "HR-2002", "HR-2003", "HR-2004"].map((accountNumber, index) => ({
    user: {
      ...first.user,
      accountNumber,
      profile: { code: index === 0 ? "PRF_REGION" : "PRF_DEALER" },
      login: accountNumber.toLowerCase(),
      email: index === 0 ? "nobody" : `${accountNumber.toLowerCase()}@dealers.example`,
      parentUserIdentifier: index === 0 ? "RESEAU" : "HR-2001",
    },
    rules: first.rules,
  }));
  const source = [...after, ...added] as MappedRecord[];
  const rows = new Map(source.map((record, index) => [record, index + 2]));
  const plan = await planSync(oplead, { ...options, source, rowOf: (record) => rows.get(record) });
  return plan.render("html", { language, locate });
}
