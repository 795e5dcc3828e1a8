import type { Oplead, OpleadOptions, UserInput, UserRules } from "../../src/index.ts";
import { createFakeOplead, type FakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { connect } from "./servers.ts";
import { user as anyUser } from "./users.ts";

// The first is the head; the others are regions below it.
export function user(number: number, more: Partial<UserInput> = {}): UserInput {
  return anyUser(number, {
    firstname: "Zoé",
    phone: `+336399${String(number).padStart(5, "0")}`,
    ...(number > 0 && { profile: { code: "PRF_REGION" }, parentUserIdentifier: "ACC-0" }),
    ...more,
  });
}

export function users(count: number): UserInput[] {
  return Array.from({ length: count }, (_, number) => user(number));
}

// Of a user that needs no parent.
export const head = { profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined };

export const heads = (count: number): UserInput[] => users(count).map((one) => ({ ...one, ...head }));

export const withPhone = (phone: string, count: number): UserInput[] => users(count).map((one) => ({ ...one, phone }));

export const fiveRules: UserRules = {
  geographical: { handledCountries: [{ handledCountry: { code: "BE" } }] },
  maxDistance: 30,
  competences: [{ range: { code: "RNG_A" } }],
  contactProfiles: ["CPR_A"],
  profileTypes: ["pro"],
};

export interface World {
  readonly fake: FakeOplead;
  readonly url: string;
  connect(options?: OpleadOptions): Oplead;
  // Since the last call, without those for reference data.
  newRequests(): number;
  close(): Promise<void>;
}

export async function openWorld(options: FakeOpleadOptions = {}): Promise<World> {
  const fake = createFakeOplead(options);
  const server = await fake.listen();
  let counted = 0;
  return {
    fake,
    url: server.url,
    connect: (options = {}) =>
      connect(server.url, {
        rateLimit: { requests: 1e6, perMs: 1000 },
        retry: { attempts: 3, baseMs: 2 },
        ...options,
      }),
    newRequests() {
      const all = fake.requests.filter(({ method }) => method !== "GET").length;
      const since = all - counted;
      counted = all;
      return since;
    },
    close: () => server.close(),
  };
}
