// Answers that differ from the documented form but still fit its types.
import { expect, it } from "vitest";
import { createOplead, type OpleadOptions } from "../../src/index.ts";
import { connect, json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

async function answering(status: number, body: unknown, options: OpleadOptions = {}) {
  const { url } = await serve((response) => json(response, status, body));
  return connect(url, { retry: false, ...options });
}

it.each<[string, unknown, string | undefined]>([
  ["a number", { id: 17 }, undefined],
  ["wrapped in data", { data: { id: 17, login: "amartin" } }, undefined],
  ["in a field that the option names", { userId: 17 }, "userId"],
  ["in an inner object, at the path that the option gives", { result: { user: { uuid: "17" } } }, "result.user.uuid"],
])("the client finds the user's id in an answer if the id is %s", async (_what, body, id) => {
  const oplead = await answering(201, body, id === undefined ? {} : { platform: { fields: { id } } });
  expect((await oplead.createUser(user(1))).id).toBe("17");
});

it("if an answer wraps the user in another object, the client gives the user", async () => {
  const oplead = await answering(201, { data: { id: 17, login: "amartin" } });
  expect((await oplead.createUser(user(1))).user).toEqual({ id: 17, login: "amartin" });
});

it.each<[string, unknown, RegExp]>([
  ["it names a field that looks like an id", { userId: 17, login: "amartin" }, /no `id`.*fields\.id: "userId"/],
  [
    "it names the place of an id inside the object that wraps the user",
    { user: { uuid: "x-17" } },
    /fields\.id: "user\.uuid"/,
  ],
  ["no field looks like an id", { login: "amartin" }, /fields\.id: the name, or a place/],
  ["the answer is an empty list", [], /without a user/],
])("if an answer has no id, the error explains the option fields.id (%s)", async (_what, body, words) => {
  const oplead = await answering(201, body);
  const error = await oplead.createUser(user(1)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ cause: { code: "unexpected_response", message: expect.stringMatching(words) } });
  expect((error as Error).message).not.toMatch(/17|amartin/);
});

it.each(["", "a..b", ".id", 7, "a b", "ids[]"])("the option fields.id refuses %j", (id) => {
  expect(() => createOplead({ token: "t", platform: { fields: { id: id as string } } })).toThrow(
    /fields\.id: must be a path such as/,
  );
});

it("profiles may have null as parent and label, and an answer may wrap the list of profiles", async () => {
  const oplead = await answering(200, { data: [{ code: "DIR", label: null, parent: null, rank: null }] });
  expect(await oplead.listUserProfiles()).toEqual([{ code: "DIR", label: "DIR", rank: null }]);
});

it("a county's postcodes may be null, and an answer may wrap the list of countries", async () => {
  const county = { number: "75", label: "Paris", postCodeZips: null };
  const oplead = await answering(200, { data: { code: "FR", label: "France", counties: [county] } });
  expect(await oplead.getCountry("FR")).toEqual({
    code: "FR",
    label: "France",
    counties: [{ number: "75", label: "Paris" }],
  });
});
