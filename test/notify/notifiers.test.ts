import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { type AlertMessage, type NotifyOptions, notifiers, sendSamples } from "../../src/config/index.ts";
import { OpleadError } from "../../src/index.ts";
import { redisLedger } from "../../src/redis/index.ts";
import { failedReport, type Ledger, memoryLedger, type SyncOptions, type SyncReport } from "../../src/sync/index.ts";
import { mailServer, messagesOf, type Receiver, secrets, webReceiver } from "../support/alert-receivers.ts";
import { hasRedis, startRedis } from "../support/redis-server.ts";
import { user } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();

type User = ReturnType<typeof user>;
const dealer = (number: number, more: Partial<User> = {}): User => {
  const { parentUserIdentifier: _, ...rest } = user(number, more);
  return { ...rest, profile: { code: "PRF_NETWORK" } };
};
const dealers = (count: number): User[] => Array.from({ length: count }, (_, at) => dealer(at));

/** One night: its report, or what stands in its place. */
const night = (source: SyncOptions<User>["source"], more: Partial<SyncOptions<User>> = {}) =>
  on.sync(source as Iterable<User>, more).catch((error: unknown) => failedReport(error));
const broken = async function* (): AsyncGenerator<User> {
  yield dealer(0);
  throw new OpleadError("source_failed", "the source broke off");
};

const titles = (receiver: Receiver): string[] =>
  messagesOf(receiver).map(({ state, code, parameters }) => {
    const why = (parameters as { code?: string } | undefined)?.code;
    return [state, code, ...(why === undefined ? [] : [why])].join(" ");
  });

describe("one message per incident", () => {
  it("a source that fails for three nights is told once, and once that it is over, to every kind of target", async () => {
    const [slack, teams, json, heartbeat] = await Promise.all(
      (["slack", "teams", "json", "heartbeat"] as const).map(webReceiver),
    );
    const mail = await mailServer();
    const own: AlertMessage[] = [];
    const all = [slack, teams, json, mail] as Receiver[];
    const targets = [...all, heartbeat as Receiver].map(({ target }) => target);
    const tell = async (ended: Awaited<ReturnType<typeof night>>) => {
      // A new one each night, as in a new process.
      const notify = notifiers([...targets, (message) => void own.push(message)], { ledger: on.ledger, name: "prod" });
      expect(await notify(ended)).toEqual([]);
      return all.map(({ accepted }) => accepted.length).concat(own.length);
    };
    expect(await tell(await night(dealers(3)))).toEqual([0, 0, 0, 0, 0]);
    for (const _ of [1, 2, 3]) expect(await tell(await night(broken))).toEqual([1, 1, 1, 1, 1]);
    expect(await tell(await night(dealers(3)))).toEqual([2, 2, 2, 2, 2]);
    expect(await tell(await night(dealers(3)))).toEqual([2, 2, 2, 2, 2]);
    expect(heartbeat?.accepted.map((url) => url.endsWith("/fail"))).toEqual([false, true, true, true, false, false]);
    expect(titles(json as Receiver)).toEqual(["begun failed source_failed", "over failed"]);
    const [begun, over] = own;
    expect(begun?.title).toBe("Oplead prod: The run failed");
    expect(begun?.text).toMatch(
      /^The source could not be read\. \(source_failed\)\nSince: 20\d\d-\d\d-\d\d \d\d:\d\d UTC\nWhat to do: .*\nnpx oplead doctor$/,
    );
    expect(over).toMatchObject({ state: "over", since: begun?.since, title: "Oplead prod: Over – The run failed" });
    expect(mail.accepted[0]).toMatch(/^Subject: Oplead prod: The run failed$/m);
    expect(mail.accepted[0]).toMatch(/^To: ops@company\.example, it@company\.example$/m);
    const kept = JSON.stringify([await on.ledger.getInfo(), own, mail.accepted]);
    for (const secret of secrets) expect(kept).not.toContain(secret);
  });

  it("a failure of another kind is an incident of its own, and both are over when a run has come to its end", async () => {
    const json = await webReceiver("json");
    const notify = notifiers([json.target], { ledger: on.ledger });
    await notify(await night(broken));
    await notify(failedReport(new OpleadError("ledger_unavailable", "gone")));
    await notify(await night(broken));
    await notify(await night(dealers(2)));
    expect(titles(json)).toEqual([
      ...["begun failed source_failed", "begun failed ledger_unavailable", "over failed", "over failed"],
    ]);
  });

  it("an outage is told as a run that ended early, and a refused plan with the guard's findings", async () => {
    const json = await webReceiver("json");
    const notify = notifiers([json.target], { ledger: on.ledger, language: "fr" });
    await notify(await night(dealers(3)));
    await notify(await night([]));
    const outage = on.world.fake.fail({ as: { gateway: 400 }, share: 1 });
    await notify(await night(dealers(9).map((one) => ({ ...one, phone: "+33123456789" }))));
    outage.remove();
    expect(titles(json)).toEqual(["begun refused", "begun stopped"]);
    const [refused, stopped] = messagesOf(json);
    expect(refused?.message).toBe("Rien n'a été envoyé. La source n'a donné aucun utilisateur, et le registre en a 3.");
    expect(refused?.text).toContain("À faire : Lisez le plan.");
    expect(stopped?.message).toContain("ce n'est pas Oplead qui a répondu");
  });

  it.skipIf(!hasRedis)("two machines that share a Redis and fail at the same moment send one message", async () => {
    const server = await startRedis();
    const machines = [1, 2].map(() => new Redis(server.url));
    try {
      const json = await webReceiver("json");
      const ended = await night(broken);
      const tell = (redis: Redis) => notifiers([json.target], { ledger: redisLedger(redis) })(ended);
      expect(await Promise.all(machines.map(tell))).toEqual([[], []]);
      expect(titles(json)).toEqual(["begun failed source_failed"]);
    } finally {
      for (const redis of machines) redis.disconnect();
      await server.close();
    }
  });

  it("without a ledger, and with one that cannot be read, every run tells; what cannot be remembered is a warning", async () => {
    const json = await webReceiver("json");
    const ended = failedReport(new OpleadError("ledger_unavailable", "locked"));
    const down: Ledger = {
      ...memoryLedger(),
      getInfo: () => Promise.reject(new OpleadError("ledger_unavailable", "locked")),
    };
    for (const ledger of [undefined, down]) {
      for (const _ of [1, 2]) {
        const problems = await notifiers([json.target], { ledger })(ended);
        expect(problems.map(({ code }) => code)).toEqual(ledger ? ["alerts_not_remembered"] : []);
      }
    }
    expect(titles(json)).toEqual(Array(4).fill("begun failed ledger_unavailable"));
  });

  it("an error in the place of a report is told as a failure, whatever it is, and its own words are not", async () => {
    const [json, heartbeat] = [await webReceiver("json"), await webReceiver("heartbeat")];
    const notify = notifiers([json.target, heartbeat.target]);
    const errors = [new OpleadError("timeout", "…"), new TypeError("Zoé"), undefined, { status: "complete" }];
    for (const error of errors) expect(await notify(error as Error)).toEqual([]);
    expect(titles(json)).toEqual(["timeout", ...Array(3).fill("unexpected")].map((code) => `begun failed ${code}`));
    expect(heartbeat.accepted.map((url) => url.endsWith("/fail"))).toEqual(Array(4).fill(true));
    expect(messagesOf(json)[1]?.message).toBe("It has no report. (unexpected)");
  });

  it("two runs at the same time with the same new problems are one incident, and one that begins later is another", async () => {
    const json = await webReceiver("json");
    const notify = notifiers([json.target], { ledger: on.ledger, conditions: { invalidShare: false } });
    const report = (await night([dealer(0, { email: "nobody" })])) as SyncReport;
    const at = (ms: number) => ({ ...report, startedAt: new Date(ms).toISOString(), durationMs: 60_000 });
    await notify(at(1_000_000));
    await notify(at(1_059_000));
    expect(titles(json)).toEqual(["begun new_problems"]);
    await notify(at(1_061_000));
    expect(titles(json)).toEqual(["begun new_problems", "begun new_problems"]);
  });

  it("lost or damaged info tells what is still wrong once more, and no more", async () => {
    const json = await webReceiver("json");
    const notify = notifiers([json.target], { ledger: on.ledger });
    for (const alerts of ["", "{", "[]", '{"incidents":{"a":1},"runs":[]}', '{"incidents":{},"runs":[["x"]]}']) {
      await on.ledger.setInfo({ alerts });
      await notify(await night(broken));
      await notify(await night(broken));
    }
    expect(titles(json)).toEqual(Array(5).fill("begun failed source_failed"));
  });
});

describe("receivers that fail", () => {
  it("a receiver that answers 500 once and then 200 gets one message, and none in the next night", async () => {
    const json = await webReceiver("json");
    json.moods.push(500);
    const notify = notifiers([json.target], { ledger: on.ledger });
    expect(await notify(await night(broken))).toEqual([]);
    expect(await notify(await night(broken))).toEqual([]);
    expect([json.asked, json.accepted.length]).toEqual([2, 1]);
  });

  it("a receiver that hangs is tried twice, changes nothing for the others, and is told by the next run", async () => {
    const [hanging, other, heartbeat] = [
      await webReceiver("slack"),
      await webReceiver("json"),
      await webReceiver("heartbeat"),
    ];
    const mail = await mailServer();
    hanging.mood = "hang";
    mail.mood = "hang";
    heartbeat.mood = "hang";
    const targets = [hanging, other, mail, heartbeat].map(({ target }) => target);
    const notify = notifiers(targets, { ledger: on.ledger, timeoutMs: 1_500 });
    const problems = await notify(await night(broken));
    const messages = problems.map(({ message }) => message).sort();
    expect(messages).toEqual([
      "notify[0] (slack): the alert was not sent (no answer within 1500 ms).",
      "notify[2] (email): the alert was not sent (no answer within 1500 ms).",
      "notify[3] (heartbeat): the alert was not sent (no answer within 1500 ms).",
    ]);
    expect([hanging.asked, other.asked, mail.asked, heartbeat.asked]).toEqual([2, 1, 2, 2]);
    hanging.mood = undefined;
    mail.mood = undefined;
    heartbeat.mood = undefined;
    const slow = notifiers(targets, { ledger: on.ledger });
    expect(await slow(await night(broken))).toEqual([]);
    expect([hanging, other, mail].map(({ accepted }) => accepted.length)).toEqual([1, 1, 1]);
  });

  it("one that was never told of an incident is not told that it is over, and one that was is told by a later run", async () => {
    const [never, late] = [await webReceiver("json"), await webReceiver("json")];
    const notify = notifiers([never.target, late.target], { ledger: on.ledger, timeoutMs: 500 });
    never.mood = 404;
    await notify(await night(broken));
    never.mood = undefined;
    late.mood = 503;
    await notify(await night(dealers(1)));
    late.mood = undefined;
    await notify(await night(dealers(1)));
    await notify(await night(dealers(1)));
    expect([titles(never), titles(late)]).toEqual([[], ["begun failed source_failed", "over failed"]]);
    // A refusal for good is not tried again in the same run.
    expect(never.asked).toBe(1);
  });

  it("a function that throws, an address where nothing listens and a redirect are warnings without the address", async () => {
    const redirecting = await webReceiver("json");
    redirecting.mood = 302;
    const dead = { webhook: "http://127.0.0.1:1/T0KEN-OF-THE-HOOK", format: "json" } as const;
    const fails = () => Promise.reject(new Error("T0KEN-OF-THE-HOOK"));
    const problems = await notifiers([fails, dead, redirecting.target], { timeoutMs: 500 })(await night(broken));
    expect(problems.map(({ message }) => message).sort()).toEqual([
      "notify[0] (function): the alert was not sent (Error).",
      expect.stringMatching(/^notify\[1] \(json\): the alert was not sent \(\w+\)\.$/),
      "notify[2] (json): the alert was not sent (answered 302).",
    ]);
    expect(JSON.stringify(problems)).not.toContain("T0KEN");
  });
});

describe("what is told", () => {
  it("hostile account numbers mention nobody in Slack, make no line, and are named five at most", async () => {
    const [slack, json] = [await webReceiver("slack"), await webReceiver("json")];
    const names = ["<!channel>", "<#C1>&", "a@b.fr", "x\nOver: all is well", "E-5", "E-6", "E-7"];
    const source = names.map((accountNumber, at) => dealer(at, { accountNumber, email: "nobody" }));
    await notifiers([slack.target, json.target], { ledger: on.ledger })(await night(source));
    const found = messagesOf(json).find(({ code }) => code === "new_problems");
    expect(found?.accountNumbers).toEqual(["<!channel>", "<#C1>&", "[not shown]", "[not shown]", "E-5"]);
    expect(found?.text).toContain("Users: <!channel>, <#C1>&, [not shown], [not shown], E-5 and 2 more\n");
    expect(slack.accepted.join()).not.toMatch(/<!|<#/);
    expect(slack.accepted.join()).toContain("&lt;!channel&gt;, &lt;#C1&gt;&amp;");
    expect([slack.accepted, json.accepted].join()).not.toMatch(/Zoé|\+336|a@b\.fr/);
  });

  it("a user that Oplead has refused for long is told once, also after it was sent again and refused again", async () => {
    const json = await webReceiver("json");
    const notify = notifiers([json.target], { ledger: on.ledger, conditions: { heldDays: 5, newProblems: false } });
    const fault = on.world.fake.fail({ on: ({ body }) => body !== undefined, as: { status: 422 }, share: 1 });
    const day = async (number: number, phone = "+33611111111") => {
      const now = () => Date.UTC(2026, 0, number, 2);
      await notify(await night([dealer(0, { phone })], { now, heldRetryAfterMs: 3 * 86_400_000 }));
      return titles(json).filter((title) => title.includes("held"));
    };
    for (const number of [1, 2, 5, 6]) expect(await day(number)).toEqual([]);
    for (const number of [7, 8, 9, 12]) expect(await day(number)).toEqual(["begun held_long"]);
    fault.remove();
    expect(await day(13, "+33622222222")).toEqual(["begun held_long", "over held_long"]);
  });

  it("runs in test mode and trials of some users are passed over, also by the heartbeat", async () => {
    const heartbeat = await webReceiver("heartbeat");
    const notify = notifiers([heartbeat.target], { ledger: on.ledger });
    await notify(await on.sync(dealers(3), {}, { testMode: true }));
    await notify(await night(dealers(3), { limit: 1 }));
    expect(heartbeat.asked).toBe(0);
    await notify(await night(dealers(3)));
    expect(heartbeat.asked).toBe(1);
  });

  it("a condition that is switched off tells nothing, and drops the incident that was open", async () => {
    const json = await webReceiver("json");
    const tell = async (conditions: NotifyOptions["conditions"]) =>
      notifiers([json.target], { ledger: on.ledger, conditions })(await night(broken));
    await tell({});
    await tell({ failed: false });
    await notifiers([json.target], { ledger: on.ledger })(await night(dealers(1)));
    expect(titles(json)).toEqual(["begun failed source_failed"]);
  });

  it("sendSamples sends one to each target and says which have it", async () => {
    const [json, heartbeat, gone] = [
      await webReceiver("json"),
      await webReceiver("heartbeat"),
      await webReceiver("json"),
    ];
    gone.mood = 404;
    const samples = await sendSamples([json.target, heartbeat.target, gone.target], { language: "fr" });
    expect(samples.map(({ target, problem }) => [target, problem])).toEqual([
      ["notify[0] (json)", undefined],
      ["notify[1] (heartbeat)", undefined],
      ["notify[2] (json)", "answered 404"],
    ]);
    expect(messagesOf(json)).toMatchObject([{ state: "sample", code: "sample", title: "Oplead : Ceci est un essai" }]);
  });

  it("wrong options are refused at once, each with its path and without the address", () => {
    const targets = [
      { webhook: "http://hooks.example/T0KEN", format: "slack" },
      ...[
        { webhook: "T0KEN", format: "irc" },
        { email: { to: "x\r\nBcc: y@z.fr", from: "a@b.fr", smtp: "http://x" } },
        {},
      ],
    ];
    const error = caught(() => notifiers(targets as never, { language: "de", conditions: { refusd: false } } as never));
    expect(error.issues?.map(({ path, code }) => `${path} ${code}`)).toEqual([
      ...["[1].webhook not_http_address", "[1].format not_one_of", "[2].email.to not_mail_address"],
      ...["[2].email.smtp not_smtp_address", "[3] not_alert_target"],
      ...["conditions.refusd unknown_option", "language not_one_of"],
    ]);
    const plain = caught(() => notifiers(targets.slice(0, 1) as never));
    expect(plain.issues).toMatchObject([{ path: "[0].webhook", code: "plain_http" }]);
    expect(`${error}${plain}`).not.toContain("T0KEN");
    expect(() => notifiers(targets.slice(0, 1) as never, { allowHttp: true })).not.toThrow();
  });
});

function caught(task: () => unknown): OpleadError {
  try {
    task();
  } catch (error) {
    return error as OpleadError;
  }
  throw new Error("nothing was thrown");
}
