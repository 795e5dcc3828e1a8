import { expect, it } from "vitest";
import { createFakeOplead, signDelivery } from "../../src/testing/index.ts";
import { opleadHandlers } from "../../src/testing/msw.ts";

const fake = createFakeOplead();

type Untyped = (...given: unknown[]) => unknown;
const create: Untyped = createFakeOplead as Untyped;
const sign: Untyped = signDelivery as Untyped;
const handlers: Untyped = opleadHandlers as Untyped;
const { listen, fail, delay, limit, lag } = fake as unknown as Record<string, Untyped>;

const failing = (message: string, Kind: new (text: string) => Error = TypeError) =>
  Object.assign(new Kind(message), { code: "invalid_options" });

it.each<[string, Untyped | undefined, unknown[], string]>([
  ["createFakeOplead(null)", create, [null], "options must be an object."],
  ["createFakeOplead({ profiles: null })", create, [{ profiles: null }], "options.profiles must be a list of objects."],
  ["createFakeOplead({ disabledRules: 1 })", create, [{ disabledRules: 1 }], "options.disabledRules must be a list."],
  ["createFakeOplead({ auth: null })", create, [{ auth: null }], "options.auth must be a text or an object."],
  ["createFakeOplead({ strict: 'no' })", create, [{ strict: "no" }], "options.strict must be true or false."],
  ["createFakeOplead({ now: 0 })", create, [{ now: 0 }], "options.now must be a function."],
  ["fake.listen(null)", listen, [null], "options must be an object."],
  ["fake.fail(null)", fail, [null], "fault must be an object."],
  ["fake.fail({})", fail, [{}], "fault.as must be a text or an object."],
  [
    "fake.fail({ when: {} })",
    fail,
    [{ as: "hang", when: {} }],
    "fault.when.lateMs must be a number or a pair of numbers.",
  ],
  ["fake.delay(null)", delay, [null], "delay must be an object."],
  ["fake.delay({ ms: '5' })", delay, [{ ms: "5" }], "delay.ms must be a number."],
  ["fake.limit(null)", limit, [null], "limit must be an object."],
  ["fake.lag(null)", lag, [null], "lag must be an object."],
  ["fake.lag({ reads: 'user' })", lag, [{ ms: 1, reads: "user" }], "lag.reads must be a list."],
  ["signDelivery(null)", sign, [null], "options must be an object."],
  [
    "signDelivery({}, no header)",
    sign,
    [{}, { scheme: "hmacSignature", secrets: ["s"] }],
    "options.header must be a text.",
  ],
  ["opleadHandlers(null)", handlers, [null], "fake must be an object."],
])("%s is a TypeError that names the argument and has the code invalid_options", async (_call, run, given, message) => {
  const call = async () => run?.(...given);
  await expect(call()).rejects.toThrow(failing(message));
});
