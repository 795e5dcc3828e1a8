/**
 * Code for a consumer's compiler: it uses each entry point as documented, and has a few mistakes that the compiler has
 * to find. The file is compiled as .ts, .mts and .cts by many compilers with many settings, and never run.
 */
import {
  competences,
  createOplead,
  geographical,
  geographicalFromZips,
  isOpleadError,
  maxDistance,
  type Oplead,
  OpleadError,
  type OpleadErrorCode,
  type UserInput,
  type UserRules,
} from "oplead-sdk";
import { userQueue } from "oplead-sdk/bullmq";
import { rawClient } from "oplead-sdk/raw";
import { auditFile, fileLedger, memoryLedger, planSync } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";
import { createUserWebhook } from "oplead-sdk/webhook";

// A value such as an environment variable. Most options accept undefined, also with exactOptionalPropertyTypes. The four
// that say where requests go do not: a variable that is not set must not cause requests to production.
declare const maybe: string | undefined;
declare const maybeNumber: number | undefined;
/** A code from a database: its prefix is checked when the rule is built, not by the compiler. */
declare const range: string;

const oplead: Oplead = createOplead({
  token: maybe ?? "",
  rateLimit: false,
  timeoutMs: maybeNumber,
  platform: { auth: maybe },
});
createOplead({ token: "secret", ...(maybe === undefined ? {} : { baseUrl: maybe }) });
createOplead({ token: async () => "secret", platform: { auth: { header: "X-AUTH-TOKEN" } }, retry: { attempts: 2 } });

const user: UserInput = {
  civility: "Mr",
  lastname: "Test",
  login: "t1",
  email: "t1@dealers.example",
  accountNumber: "ACC-1",
  address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
};

export async function calls(signal: AbortSignal): Promise<"created" | "updated"> {
  const result = await oplead.upsertUser(user, { signal, timeoutMs: 1_000 });
  const id: string = result.id;
  const requests: number = result.requests;
  const flags: boolean[] = [result.recovered, result.testMode];
  await oplead.updateUser(id, user);
  await oplead.createUser({ ...user, custom: { fieldOfTomorrow: [requests, flags] } });
  return result.outcome;
}

export async function rules(): Promise<readonly string[]> {
  const built: UserRules = {
    geographical: geographical().country("BE").county("FR", "92").zips("FR", "75", ["75001"]),
    maxDistance: maxDistance(30),
    competences: competences.ranges("RNG_A", range),
  };
  const { rule, unknown } = geographicalFromZips(await oplead.getCountry("FR"), ["75001"]);
  const { applied } = await oplead.setRules("ACC-1", { ...built, geographical: rule });
  return [...applied, ...unknown];
}

export async function raw(): Promise<number> {
  const { response } = await rawClient(oplead).GET("/v1/settings/user-profiles");
  return response.status;
}

export function errors(error: unknown): OpleadErrorCode | undefined {
  if (error instanceof OpleadError) return error.code;
  if (!isOpleadError(error)) return undefined;
  const status: number | undefined = error.status;
  return error.retryable && status === 503 ? "server_error" : error.code;
}

export async function kit(): Promise<string> {
  const fake = createFakeOplead({ token: "secret" });
  const { url, close } = await fake.listen();
  await close();
  createOplead({ token: "secret", fetch: fake.fetch });
  return `${url} ${fake.users.length} ${fake.requests[0]?.method}`;
}

export function mapped(): void {
  interface Employee {
    readonly name: string;
    readonly active: boolean;
  }
  const source: readonly Employee[] = [];
  const ledger = memoryLedger();
  createUserWebhook(oplead, {
    verify: "none",
    map: async ({ active }: Employee) => (active ? [{ user }, { user, version: 2 }] : null),
  });
  void planSync(oplead, { source, ledger, map: ({ active, name }) => (active ? { user, version: name } : undefined) });
  // @ts-expect-error the key is called version
  createUserWebhook(oplead, { verify: "none", map: () => ({ user, verison: 3 }) });
  // @ts-expect-error the key is called rules
  void planSync(oplead, { source, ledger, map: async ({ active }) => (active ? { user, rule: {} } : null) });
}

export const ledger = memoryLedger();
export const files = fileLedger("ledger");
export const audit = auditFile("audit.jsonl");
export const openQueue = () => userQueue(oplead, { redis: "redis://localhost", encryptionKey: "secret" });
export const openWorker = () => openQueue().startWorker({ ledger });
export const listen = () => createFakeOplead().listen();

export function mistakes(): void {
  // @ts-expect-error a postcode is text
  void oplead.upsertUser({ ...user, address: { ...user.address, zipCode: 75001 } });
  // @ts-expect-error a user has a profile
  void oplead.upsertUser({ ...user, profile: undefined });
  // @ts-expect-error a pair has a range and a request type
  competences.pairs(["RNG_A"]);
  // @ts-expect-error the option is called token
  createOplead({ apiKey: "secret" });
  // @ts-expect-error there is no such path
  void rawClient(oplead).GET("/v1/nothing");
}
