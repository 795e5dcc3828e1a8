import { describe, expect, it } from "vitest";
import { compareFacts, probePlatform } from "../../src/probe/index.ts";
import { memoryLedger, syncUsers } from "../../src/sync/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { PERSONALITIES, rulesFor } from "../support/personalities.ts";
import { connect } from "../support/servers.ts";
import { type Personality, type StandIn, standIn } from "../support/stand-in.ts";
import { user } from "../support/users.ts";

async function probed(
  like: Personality,
): Promise<{ platform: StandIn; facts: Awaited<ReturnType<typeof probePlatform>> }> {
  const platform = await standIn(like);
  platform.has(user(1), rulesFor(like));
  const auth = like.tokenHeader === undefined ? [] : [{ header: like.tokenHeader }];
  const facts = await probePlatform(connect(platform.url), {
    existing: { user: user(1), rules: rulesFor(like) },
    auth,
    lagMs: 0,
  });
  return { platform, facts };
}

function enabledRules(like: Personality) {
  return Object.fromEntries(Object.entries(rulesFor(like)).filter(([name]) => !like.disabled?.includes(name as never)));
}

describe.each(PERSONALITIES)("with the facts of a platform that %s", (_says, like) => {
  it("after an upsert and two nights Oplead has each user once, and the second night sends nothing", async () => {
    const { platform, facts } = await probed(like);
    const oplead = connect(platform.url, { platform: { facts } });
    expect(await oplead.upsertUser(user(2))).toMatchObject({ outcome: "created", id: platform.users[1]?.id });
    const rules = enabledRules(like);
    const ledger = memoryLedger();
    const night = () =>
      syncUsers(oplead, {
        source: [user(1), user(2), user(3)],
        map: (one) => ({ user: one, rules }),
        ledger,
        guard: false,
      });
    expect(await night()).toMatchObject({ status: "complete", counts: { failed: 0, invalid: 0 } });
    expect(platform.users.map(({ user: stored }) => stored)).toEqual([user(1), user(2), user(3)]);
    expect(Object.keys(platform.users[2]?.rules as object).sort()).toEqual(Object.keys(rules).sort());
    const before = platform.seen.length;
    expect(await night()).toMatchObject({ status: "complete" });
    expect(platform.seen.length).toBe(before);
  });

  it("a fake with these facts behaves like the platform: a probe of it finds the same facts", async () => {
    const { facts } = await probed(like);
    const fake = createFakeOplead({ platform: { facts }, users: [user(1)] });
    const server = await fake.listen();
    const oplead = connect(server.url, { platform: { facts: { ...facts, baseUrl: server.url } } });
    const again = await probePlatform(oplead, { existing: { user: user(1), rules: rulesFor(like) }, lagMs: 0 });
    await server.close();
    const { requestIdHeader, rateHeaders, ...named } = again.facts;
    expect(
      compareFacts(facts, {
        ...again,
        facts: { ...named, requestIdHeader: facts.facts.requestIdHeader, rateHeaders: facts.facts.rateHeaders },
      }),
    ).toEqual({ outcome: "same", changes: [] });
    expect([requestIdHeader.value, rateHeaders.value]).toEqual([facts.facts.requestIdHeader.value, []]);
  });
});

it("facts of a platform that allows duplicates let the fake make two users", async () => {
  const platform = await standIn({ duplicates: false, echoesTest: true });
  platform.has(user(1));
  const facts = await probePlatform(connect(platform.url), {
    existing: { user: user(1) },
    allowTestCreate: true,
    lagMs: 0,
  });
  const fake = createFakeOplead({ platform: { facts }, uniqueLogins: false });
  const oplead = connect("http://fake.invalid", { fetch: fake.fetch });
  await oplead.createUser(user(1));
  await oplead.createUser(user(1));
  expect(fake.duplicates()).toEqual(["ACC-1"]);
});
