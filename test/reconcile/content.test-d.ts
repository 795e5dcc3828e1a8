import { describe, expectTypeOf, test } from "vitest";
import { defineConfig, jsonSource } from "../../src/config/index.ts";
import type { Oplead } from "../../src/index.ts";
import {
  type Ledger,
  type MappedRecord,
  planSync,
  type SourceUser,
  type SyncPlan,
  syncUsers,
} from "../../src/sync/index.ts";
import type { InputSchema } from "../../src/webhook/index.ts";
import {
  createUserWebhook,
  type MappedEvent,
  type UserWebhook,
  type UserWebhookOptions,
} from "../../src/webhook/index.ts";

interface Employee {
  readonly name: string;
  readonly active: boolean;
}

declare const oplead: Oplead;
declare const ledger: Ledger;
declare const event: InputSchema<Employee>;
declare const source: readonly Employee[];
const verify = "none";
const user = {
  accountNumber: "ACC-1",
  civility: "Mme",
  lastname: "Martin",
  login: "martin",
  email: "martin@dealers.example",
  profile: { code: "PRF" },
  address: { zipCode: "01000", city: "Bourg", country: { code: "FR" } },
};
const toUser = ({ name }: Employee): SourceUser => ({ user: { ...user, lastname: name } });

describe("a misspelt key in the result of map", () => {
  test("a misspelt key does not compile in a webhook, whatever form the result has", () => {
    // @ts-expect-error version
    createUserWebhook(oplead, { verify, map: () => ({ user, verison: 3 }) });
    // @ts-expect-error rules, beside keys that are right
    createUserWebhook(oplead, { verify, map: (given: Employee) => ({ user, rule: {}, version: given.name }) });
    // @ts-expect-error in a promise
    createUserWebhook(oplead, { verify, event, map: async (given) => ({ user, verison: given.name }) });
    // @ts-expect-error in one of several results
    createUserWebhook(oplead, { verify, event, map: ({ active }) => (active ? null : { user, verison: 3 }) });
    // @ts-expect-error in one of two users
    createUserWebhook(oplead, { verify, event, map: ({ active }) => (active ? { user } : { user, verison: 3 }) });
    // @ts-expect-error in a list
    createUserWebhook(oplead, { verify, event, map: ({ name }) => [{ user }, { user, verison: name }] });
    // @ts-expect-error with a queue in place of a ledger
    createUserWebhook(oplead, { verify, queue: { enqueue: async () => {} }, map: () => ({ user, verison: 3 }) });
  });

  test("a call of planSync or syncUsers whose map returns a misspelt key does not compile", () => {
    // @ts-expect-error version
    planSync(oplead, { source, ledger, map: ({ name }) => ({ user, verison: name }) });
    // @ts-expect-error rules, in a promise
    planSync(oplead, { source, ledger, map: async (record) => (record.active ? { user, rule: {} } : undefined) });
    // @ts-expect-error version
    syncUsers(oplead, { source, ledger, map: ({ name }) => ({ user, verison: name }) });
  });

  test("a misspelt key does not compile in a config", () => {
    // @ts-expect-error version
    defineConfig({ source, map: ({ name }) => ({ user, verison: name }) });
    // @ts-expect-error rules
    defineConfig({ source: jsonSource<Employee>("users.json"), map: () => ({ user, rule: {} }) });
    // @ts-expect-error version, in its webhook
    defineConfig({ source, map: toUser, webhook: { verify, event, map: () => ({ user, verison: 3 }) } });
  });
});

describe("a wrapper of one's own", () => {
  test("a wrapper with a generic row or user of planSync compiles", () => {
    const run = <Row>(rows: readonly Row[], map: (row: Row) => SourceUser | null) =>
      planSync(oplead, { source: rows, ledger, map });
    const receive = <Event>(map: (event: Event) => SourceUser) => createUserWebhook<Event>(oplead, { verify, map });
    const runAny = <Row, Mapped extends SourceUser>(rows: readonly Row[], map: (row: Row) => Mapped) =>
      planSync<Row, SourceUser>(oplead, { source: rows, ledger, map });
    expectTypeOf(run(source, toUser)).resolves.toEqualTypeOf<SyncPlan>();
    expectTypeOf(runAny(source, toUser)).resolves.toEqualTypeOf<SyncPlan>();
    expectTypeOf(receive(toUser)).toEqualTypeOf<UserWebhook>();
  });
});

describe("the results that map may return", () => {
  test("the map of a webhook may return a user, several, null or a promise, and the event is inferred", () => {
    createUserWebhook(oplead, { verify, event, map: ({ name }) => ({ user, rules: {}, version: name }) });
    createUserWebhook(oplead, {
      verify,
      event,
      map: ({ active }) => (active ? [{ user }, { user, version: 1 }] : { user }),
    });
    createUserWebhook(oplead, { verify, event, map: async (given) => (given.active ? null : [toUser(given)]) });
    createUserWebhook(oplead, { verify, map: toUser });
    createUserWebhook<Employee>(oplead, { verify, map: (given) => ({ user: { ...user, lastname: given.name } }) });
    createUserWebhook(oplead, { verify, map: ({ active }: Employee): MappedEvent => (active ? { user } : null) });
    createUserWebhook(oplead, { verify, map: async (given: Employee): Promise<MappedEvent> => toUser(given) });
    const options: UserWebhookOptions<Employee> = { verify, map: toUser };
    createUserWebhook(oplead, options);
    // @ts-expect-error null passes over an event, undefined is a return that was forgotten
    createUserWebhook(oplead, { verify, event, map: () => undefined });
  });

  test("the map of a run or config may return a user, null, undefined or a promise, and infers the record", () => {
    planSync(oplead, { source, ledger, map: ({ name }) => ({ user, rules: {}, version: name }) });
    planSync(oplead, { source, ledger, map: async (record) => (record.active ? toUser(record) : null) });
    planSync(oplead, { source, ledger, map: (record): MappedRecord => (record.active ? toUser(record) : undefined) });
    syncUsers(oplead, { source, ledger, map: ({ active }) => (active ? { user } : undefined) });
    const config = defineConfig({ source, key: ({ name }) => name, map: ({ active }) => (active ? { user } : null) });
    expectTypeOf(config.key).toEqualTypeOf<((record: Employee) => string | undefined) | undefined>();
    defineConfig({
      source,
      map: toUser,
      webhook: { verify, event, map: async ({ active }) => (active ? null : { user }) },
    });
  });
});
