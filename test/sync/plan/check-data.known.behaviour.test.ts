import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { geographical, type UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const france = {
  code: "FR",
  label: "France",
  counties: [{ number: "01", label: "Ain", postCodeZips: ["01000", "01100"] }],
};
const on = eachTestItsWorld({ countries: [france] });
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_NIGHT = Date.UTC(2026, 0, 9, 2);
const nightOf = (day: number) => ({ now: () => FIRST_NIGHT + day * DAY_MS });
const at = (zipCode: string) => ({
  address: { street: "1", zipCode, city: "Bourg", country: { code: "FR" } },
});
const reasonsOf = (csv: string) =>
  (parse(csv, { columns: true }) as Record<string, string>[]).map(({ reason, since }) => [reason, since]);

it("suspicious data is in each report, with the day it was first sent, until the source corrects it", async () => {
  const wrong = [user(0, at("1100")), user(1)];
  const first = await on.sync(wrong, nightOf(0));
  const text = "postcode is not a postcode of FR: a leading zero was probably lost";
  expect(reasonsOf(await first.render("csv"))).toEqual([[text, ""]]);
  const before = on.world.fake.requests.length;
  for (const day of [1, 2]) {
    const report = await on.sync(wrong, nightOf(day));
    expect(report).toMatchObject({ status: "complete", exitCode: 0, newProblems: 0, requests: 0 });
    expect(reasonsOf(await report.render("csv"))).toEqual([[`${text}. It was sent like this before.`, "2026-01-09"]]);
    expect(await report.render("text")).toContain(`ACC-0  ${text}; known, sent like this since 2026-01-09`);
    expect(await report.render("html", { language: "fr" })).toContain("connu, envoyé ainsi depuis le");
    expect(report.warnings.filter(({ code }) => code === "suspicious_data")).toEqual([]);
  }
  expect(on.world.fake.requests.length).toBe(before);
  expect(among((await on.sync([user(0, at("01100")), user(1)], nightOf(3))).findings, "suspicious")).toEqual([]);
  expect((await on.ledger.get("ACC-0"))?.suspicious).toBeUndefined();
  expect(among((await on.sync([user(0, at("01100")), user(1)], nightOf(4))).findings, "suspicious")).toEqual([]);
});

it("a value that two users shared is no longer a finding once one of the two users has changed it", async () => {
  const mail = { email: "shared@dealers.example" };
  await on.sync([user(0), user(1)], nightOf(0));
  await on.sync([user(0, mail), user(1)], nightOf(1));
  const shared = [user(0, mail), user(1, mail)];
  const report = await on.sync(shared, nightOf(2));
  expect(report.findings).toMatchObject([{ kind: "suspicious", accountNumber: "ACC-1" }]);
  expect(among((await on.plan(shared, nightOf(3))).findings, "suspicious")).toMatchObject([{ accountNumber: "ACC-1" }]);
  expect(among((await on.sync([user(0), user(1, mail)], nightOf(3))).findings, "suspicious")).toEqual([]);
  expect((await on.ledger.get("ACC-1"))?.suspicious).toBeUndefined();
});

it("suspicious users stay listed while a source of changes gives no new record of them", async () => {
  const incremental = { incremental: { fullEveryDays: 7 } };
  const source = (records: UserInput[]) => () => records;
  await on.sync([], { ...nightOf(0), ...incremental, source: source([user(0, at("1100")), user(1)]) });
  const plan = await on.plan([], { ...nightOf(1), ...incremental, source: source([]) });
  expect(among(plan.findings, "suspicious")).toMatchObject([
    { record: -1, accountNumber: "ACC-0", since: "2026-01-09T02:00:00.000Z" },
  ]);
});

it("several unknown postcodes of one area are one finding", async () => {
  const zips = ["97600", "97605", "97610", "97615", "97620", "97625", "97630", "97640", "97650", "97660", "97670"];
  const map = (record: UserInput) => ({
    user: record,
    rules: { geographical: geographical().zips("FR", "01", ["01000", ...zips]) },
  });
  const plan = await on.plan([user(0)], { map });
  expect(among(plan.findings, "suspicious")[0]?.issues).toHaveLength(zips.length);
  const text = 'area "97600" is not a postcode of FR, and 10 more: 97605, 97610, 97615, 97620, 97625, …';
  expect(reasonsOf(await plan.render("csv"))).toEqual([[text, ""]]);
  expect(await plan.render("text")).toContain(text);
  // The list of suspicious data says it: the warning is in log and JSON only.
  expect(plan.warnings.find(({ code }) => code === "suspicious_data")?.message).toContain(
    "1 record to send looks wrong",
  );
  expect(await plan.render("text")).not.toContain("looks wrong");
});

it("a shared e-mail address that is the login as well is one finding", async () => {
  const same = { login: "a@dealers.example", email: "a@dealers.example" };
  const suspicious = among((await on.plan([user(0, same), user(1, same)])).findings, "suspicious");
  expect(suspicious.map(({ issues }) => issues.map(({ path, code }) => `${path} ${code}`))).toEqual([
    ["email shared_value"],
    ["email shared_value"],
  ]);
  const sent = [user(0, { ...same, email: "A@dealers.example", login: "A@dealers.example" }), user(1)];
  await on.sync(sent);
  await on.sync([sent[0] as UserInput, user(1, same)]);
  const known = among((await on.plan([sent[0] as UserInput, user(1, same)])).findings, "suspicious");
  expect(known.map(({ issues }) => issues.map(({ path }) => path))).toEqual([["email"]]);
  const empty = { login: "", email: "" };
  expect(among((await on.plan([user(0, empty)])).findings, "invalid")[0]?.issues.map(({ path }) => path)).toEqual([
    "email",
  ]);
});
