import fc from "fast-check";
import { expect, it } from "vitest";
import { hashOf } from "../../src/base/hash/hash.ts";
import { sealsBy } from "../../src/ledger/seals.ts";
import type { LedgerEntry, LedgerKeyOptions, LedgerPlatform, Seals } from "../../src/sync/index.ts";
import { memoryLedger } from "../../src/sync/index.ts";
import { sized } from "../support/long-form.ts";
import { user, users } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const KEY = "a secret of the tests, long enough";
const OTHER = "another secret of the tests, too";

function sealsOf(platform: LedgerPlatform, ledgerKey: LedgerKeyOptions["ledgerKey"] = KEY): Seals {
  const made = sealsBy({ ledgerKey, remember: true }).seals?.(platform);
  if (!made) throw new Error("the ledger remembers nothing");
  return made;
}

/** What happens to a seal: to its characters, or that the one of another user, platform or key lies in its place. */
const damage = fc.oneof(
  fc.record({ how: fc.constant("flip" as const), at: fc.nat(), bit: fc.nat(6) }),
  fc.record({ how: fc.constant("cut" as const), at: fc.nat() }),
  fc.record({ how: fc.constant("grow" as const), at: fc.nat(), text: fc.string({ minLength: 1, maxLength: 8 }) }),
  fc.constantFrom({ how: "swap" as const }, { how: "platform" as const }, { how: "key" as const }),
  fc.constant({ how: "none" as const }),
);

type Damage = typeof damage extends fc.Arbitrary<infer D> ? D : never;

async function damaged(
  seal: string,
  what: Damage,
  others: { readonly swap: string; readonly platform: string; readonly key: string },
): Promise<string> {
  if (what.how === "none") return seal;
  if (what.how === "flip") {
    const at = what.at % seal.length;
    return seal.slice(0, at) + String.fromCharCode(seal.charCodeAt(at) ^ (1 << what.bit)) + seal.slice(at + 1);
  }
  if (what.how === "cut") return seal.slice(0, 1 + (what.at % (seal.length - 1)));
  if (what.how === "grow") {
    const at = what.at % seal.length;
    return seal.slice(0, at) + what.text + seal.slice(at);
  }
  return others[what.how];
}

it("a seal that is damaged, cut, of another user, platform or key opens as what was sealed or not at all", async () => {
  const here: LedgerPlatform = { baseUrl: "https://api.oplead.com" };
  const sealed = async (account: string, contents: readonly unknown[], seals: Seals): Promise<LedgerEntry> => {
    let entry: LedgerEntry = { rules: {}, at: 0 };
    for (const [at, content] of contents.entries()) {
      const after = { ...entry, id: "1", user: hashOf(content) };
      const step = {
        accountNumber: account,
        step: "user",
        content,
        run: `R${at}`,
        isNew: at === 0,
        undoes: undefined,
      } as const;
      entry = await seals.accepted(entry, after, step);
    }
    return entry;
  };
  const contents = fc.array(fc.record({ phone: fc.string(), city: fc.string({ unit: "binary" }) }), {
    minLength: 1,
    maxLength: 3,
  });
  let [opened, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(contents, contents, damage, async (mine, theirs, what) => {
      const seals = sealsOf(here, [KEY, OTHER]);
      const entry = await sealed("ACC-1", mine, sealsOf(here));
      const truth = await seals.open("ACC-1", entry);
      const others = {
        swap: (await sealed("ACC-2", theirs, sealsOf(here))).seal ?? "",
        platform: (await sealed("ACC-1", mine, sealsOf({ ...here, name: "staging" }))).seal ?? "",
        key: (await sealed("ACC-1", mine, sealsOf(here, "a third secret, which is not given"))).seal ?? "",
      };
      const seal = await damaged(entry.seal ?? "", what, others);
      const answer = await seals.open("ACC-1", { ...entry, seal });
      if (answer === undefined) refused += 1;
      else {
        opened += 1;
        expect(answer).toEqual(truth);
      }
      if (["swap", "platform", "key"].includes(what.how)) expect(answer).toBeUndefined();
      if (what.how === "none") expect(answer).toBeDefined();
    }),
    { numRuns: sized(120, 2000) },
  );
  expect(Math.min(opened, refused)).toBeGreaterThan(0);
});

it("a plan over damaged seals warns of each, shows no wrong old value, and sends the same", async () => {
  const names = ["ACC-1", "ACC-2", "ACC-3", "ACC-4"];
  on.ledger = memoryLedger({ ledgerKey: KEY, remember: true });
  await on.sync(users(5), { guard: false });
  const entries = new Map<string, LedgerEntry>();
  for (const name of names) entries.set(name, (await on.ledger.get(name)) as LedgerEntry);
  const platform = (await on.ledger.getInfo?.())?.platform as LedgerPlatform;
  const sealBy = async (name: string, seals: Seals) => {
    const number = Number(name.slice(4));
    return (await seals.known(name, entries.get(name) as LedgerEntry, { user: user(number) })).seal ?? "";
  };
  const source = users(5).map((one, at) => (at > 0 ? { ...one, phone: `+3310000${at}` } : one));
  const whole = await on.plan(source, { guard: false });
  await fc.assert(
    fc.asyncProperty(fc.tuple(damage, damage, damage, damage), async (damages) => {
      const hurt = new Set<string>();
      for (const [at, name] of names.entries()) {
        const entry = entries.get(name) as LedgerEntry;
        const neighbour = names[(at + 1) % names.length] as string;
        const others = {
          swap: entries.get(neighbour)?.seal ?? "",
          platform: await sealBy(name, sealsOf({ ...platform, name: "staging" })),
          key: await sealBy(name, sealsOf(platform, OTHER)),
        };
        const seal = await damaged(entry.seal ?? "", damages[at] as Damage, others);
        await on.ledger.set(name, { ...entry, seal });
        const opened = await sealsOf(platform).open(name, { ...entry, seal });
        if (opened === undefined) hurt.add(name);
      }
      const plan = await on.plan(source, { guard: false });
      for (const [at, name] of names.entries()) {
        const was = plan.diff(name, { reveal: true })?.lines.find(({ path }) => path === "phone")?.was;
        expect(was).toBe(hurt.has(name) ? undefined : user(at + 1).phone);
      }
      const warned = plan.warnings.filter(({ code }) => code === "unreadable_seals");
      expect(warned.map(({ parameters }) => parameters)).toMatchObject(hurt.size === 0 ? [] : [{ count: hurt.size }]);
      expect(plan.hash).toBe(whole.hash);
    }),
    { numRuns: sized(20, 200) },
  );
});
