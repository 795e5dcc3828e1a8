import { expect, it } from "vitest";
import type { Oplead, UserInput } from "../../../src/index.ts";
import { checkData } from "../../../src/sync/plan/check-data.ts";
import { SharedValues } from "../../../src/sync/plan/shared-values.ts";
import type { SyncWarning } from "../../../src/sync/types/messages.ts";
import { planning } from "../../support/judging.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

function check(oplead: Oplead, users: readonly UserInput[], warnings: SyncWarning[] = []) {
  const byNumber = new Map(users.map((one, at) => [`ACC-${at}`, one]));
  return checkData(oplead, { users: byNumber, shared: new SharedValues() }, planning, warnings);
}

it("Oplead is asked only about possible country codes, once for each", async () => {
  const countries = ["FR", "FR", "BE", "fr", "FRA", "XFR", "F1", "", 75, undefined].map((code) => ({ code }));
  const users = countries.map((country, at) => user(at, { address: { ...user(at).address, country } as never }));
  const odd = [undefined, {}].map((address, at) => user(at, { address: address as never }));
  await check(on.world.connect(), [...users, ...odd]);
  const asked = on.world.fake.requests.map(({ path }) => path);
  expect(asked.sort()).toEqual(["/v1/types/country/BE", "/v1/types/country/FR"]);
});

it("postcodes of a country without reference postcodes are not checked, and cause no warning", async () => {
  const warnings: SyncWarning[] = [];
  const oplead: Oplead = Object.assign({}, on.world.connect(), {
    getCountry: async (code: string) => ({ code, label: code, counties: [{ number: "01", label: "Ain" }] }),
  });
  expect(await check(oplead, [user(0)], warnings)).toEqual(new Map());
  expect(warnings).toEqual([]);
});

it("postcodes are compared without the white space around them, which is an issue of its own", async () => {
  const oplead: Oplead = Object.assign({}, on.world.connect(), {
    getCountry: async (code: string) => {
      return { code, label: code, counties: [{ number: "01", label: "Ain", postCodeZips: ["01000"] }] };
    },
  });
  const at = (zipCode: unknown) => user(0, { address: { ...user(0).address, zipCode } as never });
  const found = await check(oplead, [at(" 01000"), at(" 1000"), at(1000), at("01000")]);
  expect([...found]).toMatchObject([
    ["ACC-0", [{ path: "address.zipCode", message: "has white space around it" }]],
    [
      "ACC-1",
      [
        { path: "address.zipCode", message: "is not a postcode of FR: a leading zero was probably lost" },
        { path: "address.zipCode", message: "has white space around it" },
      ],
    ],
  ]);
});

it.each(["unauthorized", "aborted"] as const)(
  "a country that cannot be read ends planning if the call is %s",
  async (code) => {
    const caller = new AbortController();
    const oplead = on.world.connect(code === "unauthorized" ? { token: "wrong" } : {});
    if (code === "aborted") caller.abort();
    const users = new Map([["ACC-0", user(0)]]);
    const checking = checkData(
      oplead,
      { users, shared: new SharedValues() },
      { ...planning, signal: caller.signal },
      [],
    );
    await expect(checking).rejects.toMatchObject({ code });
  },
);
