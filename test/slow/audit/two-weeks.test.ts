import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { userQueue } from "../../../src/bullmq/index.ts";
import { createOplead } from "../../../src/index.ts";
import { auditedRuns, userTimeline } from "../../../src/parts.ts";
import { auditFile, fileLedger, moveUsers, type SourceUser } from "../../../src/sync/index.ts";
import { seededRandom } from "../../../src/testing/arguments.ts";
import { createUserWebhook } from "../../../src/webhook/index.ts";
import { configWith, openPlatform, oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";

interface Row {
  revision: number;
  bad?: boolean;
}

// Outcomes of a user in a night. After a kill any of several is right.
type Answer = readonly string[];

const csvOf = (rows: ReadonlyMap<string, Row>) => {
  const lines = [...rows].map(
    ([account, { revision, bad }]) => `${account};Name ${revision};${bad ? "x" : `${account}@d.example`};01000;30`,
  );
  return `ref;name;email;zip;radius\n${lines.join("\n")}\n`;
};

const userOf = (account: string, revision: number) => ({
  user: {
    accountNumber: account,
    civility: "Mme",
    lastname: `Name ${revision}`,
    login: `${account}@d.example`,
    email: `${account}@d.example`,
    profile: { code: "PRF_NETWORK" },
    address: { zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
  },
  rules: { maxDistance: 30 },
});

// The oracle knows the source and how the fake was told to behave, and does not use the package.
class Oracle {
  readonly rows = new Map<string, Row>();
  readonly accepted = new Map<string, number>();
  readonly held = new Map<string, number>();
  readonly answers = new Map<string, Map<string, Answer>>();

  night(name: string, platform: "takes" | "fails" | { readonly refuses: string }): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [account, { revision, bad }] of this.rows) {
      const outcome = this.#outcome(account, revision, bad, platform);
      if (outcome !== "unchanged") this.says(name, account, outcome);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  }

  #outcome(
    account: string,
    revision: number,
    bad: boolean | undefined,
    platform: Parameters<Oracle["night"]>[1],
  ): string {
    if (bad) return "invalid";
    if (this.held.get(account) === revision) return "held";
    const before = this.accepted.get(account);
    if (before === revision) return "unchanged";
    if (platform === "fails") return "failed";
    if (platform !== "takes" && platform.refuses === account) {
      this.held.set(account, revision);
      return "failed";
    }
    this.accepted.set(account, revision);
    this.held.delete(account);
    return before === undefined ? "created" : "updated";
  }

  says(when: string, account: string, ...outcomes: string[]): void {
    const of = this.answers.get(when) ?? new Map<string, Answer>();
    this.answers.set(when, of.set(account, [...(of.get(account) ?? []), ...outcomes]));
  }
}

describe.skipIf(!hasRedis)("two weeks of runs, one each night", () => {
  it("the commands why and history answer 1,000 random questions in the same way as a model (an oracle) of the source and the platform", async () => {
    const { fake, env } = await openPlatform();
    const folder = await folderWith({
      "oplead.config.mjs": configWith("checks: false, guard: { minUsers: 10, maxNew: 0.5 },", "maxConcurrency: 3, "),
    });
    const [audit, ledgerPath] = [join(folder, "oplead-audit.jsonl"), join(folder, "oplead-ledger")];
    const oracle = new Oracle();
    const { rows } = oracle;
    const source = () => writeFileSync(join(folder, "dealers.csv"), csvOf(rows));
    const change = (...numbers: number[]) => {
      for (const number of numbers) (rows.get(`D-${number}`) as Row).revision += 1;
    };
    const run = (args: string[] = [], onStart?: (child: ChildProcess) => void) => {
      source();
      return oplead(folder, ["sync", "--json", ...args], { env, ...(onStart && { onStart }) });
    };
    const runs = new Map<string, string>();
    const expected = new Map<string, { status: string; counts: Record<string, number> }>();
    const newest = () => auditedRuns(audit).at(-1)?.run ?? "";
    const night = async (
      name: string,
      status: string,
      platform: Parameters<Oracle["night"]>[1] = "takes",
      args: string[] = [],
    ) => {
      await run(args);
      runs.set(name, newest());
      expected.set(name, { status, counts: oracle.night(name, platform) });
    };
    const write = ({ method }: { method: string }) => method !== "GET";

    for (let number = 0; number < 30; number += 1) rows.set(`D-${number}`, { revision: 1 });
    source();
    const planned = await oplead(folder, "plan --json", { env });
    await night("1 first", "complete", "takes", ["--approve", JSON.parse(planned.stdout).hash]);
    await night("2 quiet", "complete");
    change(1, 2);
    const outage = fake.fail({ on: write, as: { status: 503 }, share: 1 });
    await night("3 failing", "partial", "fails");
    outage.remove();
    await night("4 after it", "complete");
    change(3, 4);
    // Not 422: users in doubt of night 3 may have given up a login, so the next night would try a 422 again.
    const refusal = fake.fail({
      on: ({ body }) => (body as { accountNumber?: string })?.accountNumber === "D-3",
      as: { status: 413 },
      share: 1,
    });
    await night("5 refused user", "partial", { refuses: "D-3" });
    rows.set("D-99", { revision: 1, bad: true });
    await night("6 held and invalid", "partial");
    refusal.remove();
    change(3);

    const client = createOplead({ token: "fake-token", baseUrl: env.OPLEAD_BASE_URL ?? "", rateLimit: false });
    const between = async (name: string, task: (ledger: ReturnType<typeof fileLedger>) => Promise<void>) => {
      const ledger = fileLedger(ledgerPath);
      await task(ledger);
      await ledger.close();
      runs.set(name, name);
    };
    const take = (name: string, number: number) => {
      const account = `D-${number}`;
      change(number);
      const { revision } = rows.get(account) as Row;
      oracle.accepted.set(account, revision);
      oracle.says(name, account, "updated");
      return userOf(account, revision);
    };
    await between("webhook", async (ledger) => {
      const file = auditFile(audit);
      const webhook = createUserWebhook(client, {
        ...{ verify: "none", ledger, deliveryId: "x-id", onOutcome: file.onOutcome, onRefused: () => {} },
        map: (event) => event as SourceUser,
      });
      for (const number of [5, 6, 7]) {
        const headers = { "x-id": "webhook", "content-type": "application/json" };
        const body = JSON.stringify(take("webhook", number));
        await webhook(
          new Request("http://localhost/", {
            method: "POST",
            headers: { ...headers, "x-id": `webhook ${number}` },
            body,
          }),
        );
      }
      await file.close();
    });
    await night("7 after deliveries", "partial");
    await between("workers", async (ledger) => {
      const redis = await startRedis();
      onTestFinished(() => redis.close());
      const file = auditFile(audit);
      const queue = userQueue(client, {
        redis: { url: redis.url },
        name: "users",
        encryptionKey: false,
      });
      const workers = [1, 2].map(() => queue.startWorker({ ledger, onUser: file.onUser }));
      for (const number of [8, 9, 10, 11]) await queue.enqueue(take("workers", number));
      while ((await queue.status()).inbox > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await Promise.all(workers.map((worker) => worker.close()));
      await queue.close();
      await file.close();
    });
    await night("8 after workers", "partial");

    for (let number = 0; number < 25; number += 1) change(number);
    await run();
    runs.set("9 refused by the guard", newest());
    expected.set("9 refused by the guard", { status: "refused", counts: {} });
    for (let number = 0; number < 25; number += 1) (rows.get(`D-${number}`) as Row).revision -= 1;

    const hurt = [12, 13, 14, 15, 16];
    change(...hurt);
    const before = fake.requests.length;
    const slowly = fake.delay({ ms: 20 });
    const accepted = () =>
      fake.requests
        .slice(before)
        .flatMap(({ acted, body }) => (acted ? ((body as { accountNumber?: string }).accountNumber ?? []) : []));
    await run([], async (child) => {
      while (accepted().length < 2 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
      child.kill("SIGKILL");
    });
    slowly.remove();
    const taken = new Set(accepted());
    expect(taken.size).toBeGreaterThan(0);
    runs.set("10 killed", newest());
    expected.set("10 killed", { status: "killed", counts: {} });
    await night("11 after the kill", "partial");
    // It depends on the kill whether the run updates the user or finds it unchanged.
    const { updated, unchanged, ...certain } = expected.get("11 after the kill")?.counts ?? {};
    expected.set("11 after the kill", { status: "partial", counts: certain });

    change(17);
    const waits = fake.delay({ ms: 8_000 });
    const arrived = fake.requests.length;
    let second = "";
    let secondEnded = () => {};
    const secondHasEnded = new Promise<void>((resolve) => {
      secondEnded = resolve;
    });
    const first = run([], async (child) => {
      while (fake.requests.length === arrived && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 5));
      second = (await oplead(folder, "sync --json", { env })).stdout;
      secondEnded();
    });
    await secondHasEnded;
    expect(JSON.parse(second).error.code).toBe("ledger_unavailable");
    runs.set("12 second of two", newest());
    expected.set("12 second of two", { status: "failed", counts: {} });
    await first;
    waits.remove();
    runs.set("12 first of two", auditedRuns(audit).at(-2)?.run ?? "");
    expected.set("12 first of two", { status: "partial", counts: oracle.night("12 first of two", "takes") });

    await between("moved", async (ledger) => {
      await moveUsers(ledger, [["D-20", "M-20"]]);
    });
    rows.delete("D-20");
    rows.set("M-20", { revision: 5 });
    oracle.accepted.set("M-20", 0);
    await night("13 after a move", "partial");
    rows.delete("D-21");
    await night("14 one is missing", "partial");

    const histories = new Map(auditedRuns(audit).map((one) => [one.run, one.ended]));
    const accounts = [...new Set([...rows.keys(), "D-20", "D-21"])];
    const ledger = fileLedger(ledgerPath);
    const timelines = new Map(
      await Promise.all(
        accounts.map(async (account) => [account, await userTimeline(account, { audit, ledger })] as const),
      ),
    );
    await ledger.close();
    const told = (when: string, account: string) =>
      (timelines.get(account)?.events ?? []).flatMap((event) => {
        const name = event.run ?? event.delivery?.split(" ")[0] ?? `${event.origin}s`;
        return event.accountNumber === account && name === runs.get(when) ? event.outcome : [];
      });
    const random = seededRandom(25);
    const oneOf = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
    const isHurt = (when: string, account: string) =>
      /^1[01] /.test(when) && hurt.some((number) => account === `D-${number}`);
    const wrong: unknown[] = [];
    let answered = 0;
    for (let question = 0; question < 1_000; question += 1) {
      const [when, account] = [oneOf([...runs.keys()]), oneOf(accounts)];
      const answer = told(when, account);
      const right = oracle.answers.get(when)?.get(account) ?? [];
      answered += answer.length;
      if (!isHurt(when, account) && String(answer) !== String(right)) wrong.push([when, account, answer, right]);
      const [name, { status, counts }] = oneOf([...expected]);
      const ended = histories.get(runs.get(name) ?? "");
      if (ended?.status !== status) wrong.push([name, status, ended]);
      for (const [outcome, count] of Object.entries(counts)) {
        if (ended?.counts[outcome as "failed"] !== count) wrong.push([name, outcome, count, ended?.counts]);
      }
    }
    expect(wrong).toEqual([]);
    const afterKill = histories.get(runs.get("11 after the kill") ?? "")?.counts;
    expect((afterKill?.updated ?? 0) + (afterKill?.unchanged ?? 0)).toBe((updated ?? 0) + (unchanged ?? 0));
    expect(answered).toBeGreaterThan(100);
    for (const account of hurt.map((number) => `D-${number}`)) {
      const [killed, after] = [told("10 killed", account), told("11 after the kill", account)];
      expect(new Set([...killed, ...after])).toEqual(new Set(["updated"]));
      expect([killed.length <= 1, after.length <= 1]).toEqual([true, true]);
      if (!taken.has(account)) expect([killed, after]).toEqual([[], ["updated"]]);
    }
    expect(timelines.get("M-20")).toMatchObject({ movedFrom: [{ accountNumber: "D-20", by: expect.any(String) }] });
    expect(timelines.get("M-20")?.events.map(({ outcome, accountNumber }) => `${outcome} ${accountNumber}`)).toEqual([
      ...["created D-20", "updated M-20"],
    ]);
    expect([timelines.get("D-20")?.movedTo, timelines.get("D-21")?.missingSince]).toEqual(["M-20", expect.any(String)]);

    const command = async (...args: string[]) =>
      JSON.parse((await oplead(folder, [...args, "--json"], { env })).stdout);
    expect((await command("history", "--last", "50")).map(({ run: id }: { run: string }) => id)).toEqual([
      ...histories.keys(),
    ]);
    const { events } = await command("why", "D-3", "--no-plan");
    expect(events).toEqual(JSON.parse(JSON.stringify(timelines.get("D-3")?.events)));
    const { users } = await command("history", runs.get("6 held and invalid") ?? "");
    const tuples = users.map((user: { accountNumber: string; outcome: string }) => [
      user.accountNumber,
      [user.outcome],
    ]);
    expect(new Map(tuples)).toEqual(oracle.answers.get("6 held and invalid"));
    const ids = [...timelines.values()].flatMap((timeline) =>
      timeline.events.flatMap(({ requestIds, accountNumber }) =>
        accountNumber === timeline.accountNumber ? requestIds : [],
      ),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
