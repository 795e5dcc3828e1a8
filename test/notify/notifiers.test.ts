import { join } from "node:path";
import { expect, it } from "vitest";
import { type AlertMessage, csvSource, notifiers } from "../../src/config/index.ts";
import { OpleadError } from "../../src/index.ts";
import { pausedReport } from "../../src/parts.ts";
import {
  type FailedReport,
  failedReport,
  type Ledger,
  markLeaver,
  memoryLedger,
  type SyncOptions,
  type SyncReport,
} from "../../src/sync/index.ts";
import { mailServer, messagesOf, type Receiver, secrets, webReceiver } from "../support/alert-receivers.ts";
import { folderWith } from "../support/folder.ts";
import { sharedLedger } from "../support/shared-ledger.ts";
import { eachTestItsWorld, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();

type User = ReturnType<typeof user>;
const dealer = (number: number, more: Partial<User> = {}) => {
  const { parentUserIdentifier: _, ...rest } = user(number, more);
  return { ...rest, profile: { code: "PRF_NETWORK" } };
};
const dealers = (count: number) => Array.from({ length: count }, (_, at) => dealer(at));

const night = (source: SyncOptions<User>["source"], more: Partial<SyncOptions<User>> = {}) =>
  on.sync(source as Iterable<User>, more).catch((error: unknown) => failedReport(error));
const broken = async function* (): AsyncGenerator<User> {
  yield dealer(0);
  throw new OpleadError("source_failed", "the source broke off");
};

const onDay = <Ended extends SyncReport | FailedReport>(ended: Ended, day: number) =>
  // A spread loses `explain` and the like, which are not enumerable.
  Object.create(null, {
    ...Object.getOwnPropertyDescriptors(ended),
    startedAt: { value: new Date(Date.UTC(2026, 0, day, 2)).toISOString(), enumerable: true },
  });

const titles = (receiver: Receiver) =>
  messagesOf(receiver).map(({ state, night, reasons }) => [state, night, ...reasons.map(({ code }) => code)].join(" "));

it("a run during a pause sends its heartbeat and a message, and an open incident stays open", async () => {
  const [json, heartbeat] = [await webReceiver("json"), await webReceiver("heartbeat")];
  const tell = async (day: number, ended: Awaited<ReturnType<typeof night>>) =>
    notifiers([json.target, heartbeat.target], { ledger: on.ledger })(onDay(ended, day));
  const paused = () => pausedReport({ by: "Ana", since: "2026-01-01T02:00:00Z", until: "2026-01-09T02:00:00Z" });
  await tell(1, paused());
  expect(titles(json)).toEqual(["begun paused runs_paused"]);
  await tell(2, await night(broken));
  await tell(3, paused());
  await tell(3, paused());
  await tell(4, await night(dealers(3)));
  expect(titles(json)).toEqual([
    "begun paused runs_paused",
    "begun failed source_failed",
    "continues paused runs_paused source_failed",
    "over paused runs_paused source_failed",
  ]);
  expect(messagesOf(json)[2]?.text).toContain("by Ana since");
  expect(heartbeat.accepted.map((url) => url.endsWith("/fail"))).toEqual([false, true, false, false, false]);
});

it("every kind of target gets a message in each failing night, and one when the source works again", async () => {
  const [slack, teams, json, heartbeat] = await Promise.all(
    (["slack", "teams", "json", "heartbeat"] as const).map(webReceiver),
  );
  const mail = await mailServer();
  const own: AlertMessage[] = [];
  const all = [slack, teams, json, mail] as Receiver[];
  const targets = [...all, heartbeat as Receiver].map(({ target }) => target);
  const tell = async (day: number, ended: Awaited<ReturnType<typeof night>>) => {
    // As a new process does.
    const notify = notifiers([...targets, (message) => void own.push(message)], { ledger: on.ledger, name: "prod" });
    expect(await notify(onDay(ended, day))).toEqual([]);
    return all.map(({ accepted }) => accepted.length).concat(own.length);
  };
  expect(await tell(1, await night(dealers(3)))).toEqual([0, 0, 0, 0, 0]);
  for (const day of [2, 3, 4]) {
    expect(await tell(day, await night(broken))).toEqual(Array(5).fill(day - 1));
    expect(await tell(day, await night(broken))).toEqual(Array(5).fill(day - 1));
  }
  expect(await tell(5, await night(dealers(3)))).toEqual([4, 4, 4, 4, 4]);
  expect(await tell(6, await night(dealers(3)))).toEqual([4, 4, 4, 4, 4]);
  const isFailed = [false, true, true, true, true, true, true, false, false];
  expect(heartbeat?.accepted.map((url) => url.endsWith("/fail"))).toEqual(isFailed);
  expect(titles(json as Receiver)).toEqual([
    "begun failed source_failed",
    "continues failed source_failed",
    "continues failed source_failed",
    "over failed source_failed",
  ]);
  const [begun, continues, , over] = own;
  expect(begun?.title).toBe("Oplead prod: The run failed");
  expect(begun?.text).toMatch(
    /^The source could not be read\. .*the source broke off\. Nothing was sent\.\nSince: 2026-01-0\d \d\d:\d\d \S+\nMore: npx oplead-sdk doctor$/,
  );
  expect(continues).toMatchObject({ title: "Oplead prod: Still: The run failed", since: begun?.since });
  expect(over).toMatchObject({ since: begun?.since, until: "2026-01-05T02:00:00.000Z" });
  expect(over?.title).toBe("Oplead prod: The nights are well again");
  expect(over?.text).toMatch(
    /^From 2026-01-0\d .* to 2026-01-0\d .*\nThey were not well because:\nThe source could not/,
  );
  expect(mail.accepted[0]).toMatch(/^Subject: Oplead prod: The run failed$/m);
  expect(mail.accepted[0]).toMatch(/^To: ops@company\.example, it@company\.example$/m);
  const kept = JSON.stringify([await on.ledger.getInfo(), own, mail.accepted]);
  for (const secret of secrets) expect(kept).not.toContain(secret);
});

it("French messages say which column is missing, what the guard found and why there is an outage", async () => {
  const json = await webReceiver("json");
  const notify = notifiers([json.target], { ledger: on.ledger, language: "fr" });
  const folder = await folderWith({ "rh.csv": "Nom;Compte\nPetit;E-1\n" });
  const csv = csvSource(join(folder, "rh.csv"), { columns: ["Identifiant"] });
  await notify(onDay(await night(csv as never), 1));
  await notify(onDay(await night(dealers(3)), 2));
  await notify(onDay(await night([]), 3));
  const outage = on.world.fake.fail({ as: { gateway: 400 }, share: 1 });
  await notify(onDay(await night(dealers(9).map((one) => ({ ...one, phone: "+33123456789" }))), 4));
  outage.remove();
  const [lacking, over, refused, stopped] = messagesOf(json);
  expect(lacking?.reasons[0]?.code).toBe("header_lacks");
  expect(lacking?.reasons[0]?.message).toMatch(
    /^La source n’a pas pu être lue\. \S*rh\.csv\s: il manque à l.en-tête «\sIdentifiant\s»\.$/,
  );
  expect([over?.state, over?.reasons]).toEqual(["over", lacking?.reasons]);
  expect(refused?.reasons).toEqual([
    { code: "sync_refused", message: "3 départs." },
    { code: "empty_source", message: "La source n’a donné aucun utilisateur, alors que le registre en contient 3." },
  ]);
  expect(refused?.text).toContain("Pour en savoir plus\u202f: npx oplead-sdk plan");
  expect([stopped?.night, stopped?.reasons[0]?.code]).toEqual(["stopped", "first_failed"]);
  expect(stopped?.reasons[0]?.message).toContain("La réponse ne vient pas d’Oplead");
});

it("a message gives the most frequent reasons of rows first, and news before what is known", async () => {
  const json = await webReceiver("json");
  const notify = notifiers([json.target], { ledger: on.ledger });
  const source = [
    ...[0, 1, 2, 3, 4, 5].map((number) => dealer(number, { email: "nobody" })),
    dealer(6, { login: "" }),
    dealer(7),
  ];
  const options = { rowOf: (one: User) => source.indexOf(one) + 2, ignoreKnown: true } as object;
  await notify(onDay(await night(source, options), 1));
  await notify(onDay(await night(source, options), 2));
  source[7] = dealer(7, { email: "nobody" });
  await notify(onDay(await night(source, options), 3));
  const [rows, known, both] = messagesOf(json);
  expect(known?.text).toMatch(/^Nothing new; still 7 not sent: ACC-0 \(row 2\), /);
  expect(both?.text).toMatch(/^Not sent: ACC-7 \(row 9\)\. .*\nStill 7 not sent: ACC-0 \(row 2\)/);
  expect(rows?.reasons.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^6 not sent: ACC-0 \(row 2\), .*, ACC-4 \(row 6\) and 1 more\. e-mail .*\.$/),
    expect.stringMatching(/^Not sent: ACC-6 \(row 8\)\. login .*\.$/),
  ]);
  expect(rows?.command).toMatch(/^npx oplead-sdk history [\w-]{36}$/);
  expect(titles(json).map((title) => title.split(" ")[0])).toEqual(["begun", "continues", "continues"]);
});

it("leavers to deal with are told when due, and then each week, and an outage loses none", async () => {
  const json = await webReceiver("json");
  const onNight = async (day: number, people: readonly User[]) => {
    const now = Date.UTC(2026, 0, day, 2);
    const guard = { minUsers: 100 };
    const ended = await night(people, { now: () => now, guard, leavers: { graceDays: 7 } } as object);
    await notifiers([json.target], { ledger: on.ledger })(onDay(ended, day));
    return titles(json);
  };
  const [first, ...others] = dealers(6) as [User, ...User[]];
  expect(await onNight(1, [first, ...others])).toEqual([]);
  expect(await onNight(2, others)).toEqual([]);
  json.mood = 404;
  expect(await onNight(9, others)).toEqual([]);
  json.mood = undefined;
  expect(await onNight(10, others)).toEqual(["begun leavers leaver_due"]);
  expect(messagesOf(json)[0]?.text).toMatch(
    /^Left, and to be dealt with in Oplead: ACC-0\. Then tick them off: .*\nMore: /,
  );
  expect(await onNight(11, others)).toHaveLength(1);
  expect((await onNight(17, others))[1]).toBe("continues leavers leaver_due");
  expect(await markLeaver(on.ledger, "ACC-0")).toBe(true);
  expect(await onNight(25, others)).toHaveLength(2);
  expect((await on.ledger.getInfo())?.alerts).toBe("");
});

it("two machines that share a ledger and fail at the same moment send one message", async () => {
  const json = await webReceiver("json");
  const ended = await night(broken);
  const { open } = sharedLedger();
  const tell = () => notifiers([json.target], { ledger: open() })(ended);
  expect(await Promise.all([tell(), tell()])).toEqual([[], []]);
  expect(titles(json)).toEqual(["begun failed source_failed"]);
});

it("without a readable ledger every run sends a message, with a warning if it cannot be read", async () => {
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

it("alerts noted in a second place, too, are sent once a day while the ledger is unavailable", async () => {
  const json = await webReceiver("json");
  const kept: string[] = [];
  const backup = { read: () => kept.at(-1), write: (text: string) => void kept.push(text) };
  const locked = failedReport(new OpleadError("ledger_unavailable", "locked"));
  const refuse = () => Promise.reject(new OpleadError("ledger_unavailable", "locked"));
  const down: Ledger = { ...on.ledger, getInfo: refuse, setInfo: refuse };
  const tell = async (day: number, ended: SyncReport | FailedReport, ledger?: Ledger) =>
    expect(await notifiers([json.target], { ledger, backup })(onDay(ended, day))).toEqual([]);
  for (const ledger of [undefined, down]) for (const _ of [1, 2]) await tell(1, locked, ledger);
  await tell(2, locked, down);
  const well = await night(dealers(3));
  for (const day of [3, 3, 4]) await tell(day, well, on.ledger);
  expect(titles(json)).toEqual(["begun", "continues", "over"].map((state) => `${state} failed ledger_unavailable`));
  expect(messagesOf(json).at(-1)).toMatchObject({ since: "2026-01-01T02:00:00.000Z" });
  await tell(5, await night(broken), on.ledger);
  await tell(5, locked, down);
  await tell(6, well, on.ledger);
  expect(titles(json).slice(3)).toEqual(["begun failed source_failed", "over failed ledger_unavailable"]);
  expect(JSON.parse((await on.ledger.getInfo())?.alerts || "null")).toBeNull();
});

it("an error that is given instead of a report is sent as a failure, without the error's message", async () => {
  const [json, heartbeat] = [await webReceiver("json"), await webReceiver("heartbeat")];
  const notify = notifiers([json.target, heartbeat.target]);
  const errors = [new OpleadError("timeout", "…"), new TypeError("Zoé"), undefined, { status: "complete" }];
  for (const error of errors) expect(await notify(error as Error)).toEqual([]);
  expect(titles(json)).toEqual(["timeout", ...Array(3).fill("unexpected")].map((code) => `begun failed ${code}`));
  expect(heartbeat.accepted.map((url) => url.endsWith("/fail"))).toEqual(Array(4).fill(true));
  expect(messagesOf(json)[1]?.reasons[0]?.message).toBe("The run has no report (unexpected). Its log says more.");
  expect(json.accepted.join()).not.toContain("Zoé");
});

it("a message that no target took goes with the next run, and a worse night is told once on the same day", async () => {
  const json = await webReceiver("json");
  const notify = notifiers([json.target], { ledger: on.ledger });
  const good = await night([dealer(0)]);
  const rows = await night([dealer(0), dealer(1, { email: "nobody" })]);
  const failed = await night(broken);
  for (const [day, ended, mood] of [
    ...([
      [1, rows, 404],
      [1, rows],
      [1, failed],
      [1, rows],
      [1, failed],
    ] as const),
    ...([
      [1, good, 404],
      [1, failed],
      [2, good, 404],
      [3, good],
    ] as const),
  ] as const) {
    json.mood = mood;
    await notify(onDay(ended, day));
  }
  const told = messagesOf(json);
  expect(told.map((one) => `${one.state} ${one.night}`)).toEqual([
    ...["begun rows", "begun failed", "begun failed", "over failed"],
  ]);
  expect(told.at(-1)?.until).toBe("2026-01-02T02:00:00.000Z");
});

it("a lost or damaged memory of sent alerts leads to exactly one more message", async () => {
  const json = await webReceiver("json");
  const notify = notifiers([json.target], { ledger: on.ledger });
  const broken1 = onDay(await night(broken), 1);
  const whole = { since: "2026-01-01", night: "failed", level: 2, reasons: [] };
  const damaged = [
    ...["", "{", "[]", '{"incidents":{},"runs":[]}'],
    ...[{ since: 1 }, { level: 3 }, { night: "x" }, { reasons: [1] }, { toldAt: 5 }].map((part) =>
      JSON.stringify({ ...whole, ...part }),
    ),
  ];
  for (const alerts of damaged) {
    await on.ledger.setInfo({ alerts });
    await notify(broken1);
    await notify(broken1);
  }
  expect(titles(json)).toEqual(damaged.map(() => "begun failed source_failed"));
});

it("if a process is killed between sending and saving, one message is sent twice and no message is lost", async () => {
  const json = await webReceiver("json");
  let dies = false;
  const told = { ...on.ledger };
  const ledger: Ledger = {
    ...on.ledger,
    // Dies while saving the record, after the message was sent.
    setInfo: async (info) => {
      if (dies && json.accepted.length > expected.length - 1) throw new Error("killed");
      await told.setInfo(info);
    },
  };
  const notify = notifiers([json.target], { ledger });
  const expected = ["begun failed source_failed"];
  dies = true;
  await notify(onDay(await night(broken), 1));
  dies = false;
  expect(titles(json)).toEqual(expected);
  await notify(onDay(await night(broken), 1));
  expected.push("begun failed source_failed", "over failed source_failed");
  dies = true;
  await notify(onDay(await night([dealer(1)]), 2));
  dies = false;
  expect(titles(json)).toEqual(expected);
  await notify(onDay(await night([dealer(1)]), 3));
  await notify(onDay(await night([dealer(1)]), 4));
  expect(titles(json)).toEqual([...expected, "over failed source_failed"]);
});

it("a receiver that hangs or refuses causes a warning without its address, and delays no other", async () => {
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
});

it("a throwing function, a dead address and a redirect each cause a warning without the address", async () => {
  const redirecting = await webReceiver("json");
  redirecting.mood = 302;
  const dead = { webhook: "http://127.0.0.1:1/T0KEN-OF-THE-HOOK", format: "json" } as const;
  const fails = () => Promise.reject(new Error("T0KEN-OF-THE-HOOK"));
  const problems = await notifiers([fails, dead, redirecting.target], { timeoutMs: 5_000 })(await night(broken));
  expect(problems.map(({ message }) => message).sort()).toEqual([
    "notify[0] (function): the alert was not sent (failed with Error).",
    expect.stringMatching(/^notify\[1] \(json\): the alert was not sent \(failed with \w+\)\.$/),
    "notify[2] (json): the alert was not sent (answered 302).",
  ]);
  expect(JSON.stringify(problems)).not.toContain("T0KEN");
});

it("hostile account numbers cannot mention people or break lines, and a message names five at most", async () => {
  const [slack, json] = [await webReceiver("slack"), await webReceiver("json")];
  const names = ["<!channel>", "<#C1>&", "a@b.fr", "x\nOver: all is well", "E-5", "E-6", "E-7"];
  const source = names.map((accountNumber, at) => dealer(at, { accountNumber, email: "nobody" }));
  await notifiers([slack.target, json.target], { ledger: on.ledger })(await night(source));
  expect(messagesOf(json)[0]?.text).toContain("<!channel>, <#C1>&, [not shown], E-5, E-6 and 1 more. e-mail");
  expect(slack.accepted.join()).not.toMatch(/<!|<#/);
  expect(slack.accepted.join()).toContain("&lt;!channel&gt;, &lt;#C1&gt;&amp;");
  expect([slack.accepted, json.accepted].join()).not.toMatch(/Zoé|\+336|a@b\.fr/);
});

it("messages contain no text of an error in map, no answer of Oplead and no e-mail address", async () => {
  const json = await webReceiver("json");
  const notify = notifiers([json.target]);
  const refusing = on.world.fake.fail({
    on: "createUser",
    as: { status: 422, body: { error: "Zoé Petit" } },
    share: 1,
  });
  await notify(await night([dealer(0)]));
  refusing.remove();
  const fails = () => {
    throw new Error("Zoé Petit");
  };
  await notify(await night([dealer(0)], { map: fails, key: (one) => one.accountNumber }));
  await notify(failedReport({ code: "source_failed", message: "the row of zoe@petit.fr is not right" }));
  await notify(failedReport({ code: "ENOENT", message: "open /home/zoe.petit/rh.csv" }));
  expect(titles(json)).toHaveLength(4);
  expect(json.accepted.join()).toContain("The record could not be read: the report says why.");
  expect(json.accepted.join()).toContain("the row of [not shown] is not right");
  expect(json.accepted.join()).not.toMatch(/Zoé|zoe[@.]petit/);
});

it("runs in test mode and trials of some users send no message and no heartbeat", async () => {
  const heartbeat = await webReceiver("heartbeat");
  const notify = notifiers([heartbeat.target], { ledger: on.ledger });
  await notify(await on.sync(dealers(3), {}, { testMode: true }));
  await notify(await night(dealers(3), { limit: 1 }));
  await notify(await night(dealers(3), { limit: 3 }));
  expect(heartbeat.asked).toBe(0);
  await notify(await night(dealers(3)));
  expect(heartbeat.asked).toBe(1);
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
  const error = caught(() => notifiers(targets as never, { language: "de", conditions: {} } as never));
  expect(error.issues?.map(({ path, code }) => `${path} ${code}`)).toEqual([
    ...["[1].webhook not_http_address", "[1].format not_one_of", "[2].email.to not_mail_address"],
    ...["[2].email.smtp not_smtp_address", "[3] not_alert_target"],
    ...["language not_one_of", "conditions unknown_option"],
  ]);
  const plain = caught(() => notifiers(targets.slice(0, 1) as never));
  expect(plain.issues).toMatchObject([{ path: "[0].webhook", code: "plain_http" }]);
  expect(`${error}${plain}`).not.toContain("T0KEN");
  expect(() => notifiers(targets.slice(0, 1) as never, { allowHttp: true })).not.toThrow();
});

function caught(task: () => unknown) {
  try {
    task();
  } catch (error) {
    return error as OpleadError;
  }
  throw new Error("nothing was thrown");
}
