import { expect, it } from "vitest";
import { type Oplead, OpleadError, type OpleadErrorCode } from "../../../src/index.ts";
import { readProfiles } from "../../../src/sync/plan/check-data.ts";
import type { SyncWarning } from "../../../src/sync/types/messages.ts";

const client = (listUserProfiles: Oplead["listUserProfiles"]) => ({ listUserProfiles }) as Oplead;
const failing = (error: unknown) => client(() => Promise.reject(error));

it("readProfiles gives the platform's profiles by code, and passes on the caller's signal", async () => {
  const { signal } = new AbortController();
  const warnings: SyncWarning[] = [];
  const profile = { code: "PRF_A", label: "A" };
  const given: unknown[] = [];
  const oplead = client(async (options) => {
    given.push(options?.signal);
    return [profile];
  });
  expect(await readProfiles(oplead, signal, warnings)).toEqual(new Map([["PRF_A", profile]]));
  expect([given, warnings]).toEqual([[signal], []]);
});

it("a platform without profiles, and one that cannot list them, get a warning and no check", async () => {
  const warnings: SyncWarning[] = [];
  expect(
    await readProfiles(
      client(async () => []),
      undefined,
      warnings,
    ),
  ).toBeUndefined();
  expect(await readProfiles(failing(new OpleadError("server_error", "x")), undefined, warnings)).toBeUndefined();
  expect(warnings).toEqual([
    { code: "no_profiles", parameters: {}, message: expect.stringContaining("lists no profiles") },
    { code: "profiles_not_checked", parameters: { code: "server_error" }, message: expect.any(String) },
  ]);
});

it.each<OpleadErrorCode>(["unauthorized", "aborted"])(
  "planning ends if the profiles cannot be read because of %s",
  async (code) => {
    const error = new OpleadError(code, "x");
    await expect(readProfiles(failing(error), undefined, [])).rejects.toBe(error);
    const bug = new TypeError("x");
    await expect(readProfiles(failing(bug), undefined, [])).rejects.toBe(bug);
  },
);
