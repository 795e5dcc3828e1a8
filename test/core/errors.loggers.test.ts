import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
// @ts-expect-error bunyan has no types
import bunyan from "bunyan";
import pino from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import winston from "winston";
import { createOplead, type OpleadError, type OpleadOptions } from "../../src/index.ts";
import { memoryLedger, planSync } from "../../src/sync/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { user } from "../support/users.ts";

const SECRETS = ["noemie", "tok-3f9c", "secret.example"];
const thrown = (): Error =>
  Object.assign(
    new TypeError("row of noemie@secret.example", { cause: new AggregateError([new Error("noemie")], "tok-3f9c") }),
    {
      code: "ECONNRESET",
      row: { email: "noemie@secret.example" },
      errors: [new Error("vault refused tok-3f9c")],
    },
  );

const client = (options: OpleadOptions = {}) => createOplead({ token: "tok-3f9c", retry: false, ...options });

const FAILURES: Record<string, () => Promise<OpleadError>> = {
  source_failed: () => {
    const source = () => Promise.reject(thrown());
    return failureOf(planSync(client(), { ledger: memoryLedger(), source, key: () => "", map: () => null }));
  },
  token_unavailable: () => failureOf(client({ token: () => Promise.reject(thrown()) }).upsertUser(user(1))),
  connection: () => failureOf(client({ fetch: () => Promise.reject(thrown()) }).listCountries()),
  aborted: () => failureOf(client().listCountries({ signal: AbortSignal.abort("noemie@secret.example") })),
  conflict: () => {
    const fake = createFakeOplead({ token: "tok-3f9c" });
    fake.fail({ as: { status: 409, body: { errors: { email: ["noemie@secret.example is taken"] } } }, times: 9 });
    return failureOf(client({ fetch: fake.fetch }).createUser(user(1)));
  },
  incomplete: () => {
    const fake = createFakeOplead({ token: "tok-3f9c" });
    const body = { errors: { maxDistance: ["noemie@secret.example is too far"] } };
    fake.fail({ on: "setMaxDistanceRule", as: { status: 422, body }, times: 9 });
    return failureOf(client({ fetch: fake.fetch }).upsertUser(user(1), { rules: { maxDistance: 30 } }));
  },
};

function collector(): { readonly stream: Writable; readonly text: () => string } {
  let text = "";
  const write = (chunk: unknown, _encoding: unknown, done: () => void) => {
    text += String(chunk);
    done();
  };
  return { stream: new Writable({ write, decodeStrings: false }), text: () => text };
}

const { errors, json, prettyPrint, combine } = winston.format;
const throughWinston = (format: winston.Logform.Format) => (error: OpleadError) => {
  const { stream, text } = collector();
  const logger = winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] });
  logger.error(error);
  logger.error("failed", { error });
  return text();
};

const WAYS: Record<string, (error: OpleadError) => string> = {
  pino: (error) => {
    const { stream, text } = collector();
    const logger = pino({}, stream);
    logger.error(error);
    logger.error({ err: error, error }, "failed");
    return text();
  },
  "pino with the serializer of causes": (error) => {
    const { stream, text } = collector();
    pino({ serializers: { err: pino.stdSerializers.errWithCause } }, stream).error(error);
    return text();
  },
  winston: throughWinston(combine(errors({ stack: true, cause: true }), json())),
  "winston in colours": throughWinston(combine(errors({ stack: true, cause: true }), prettyPrint({ depth: 9 }))),
  bunyan: (error) => {
    const { stream, text } = collector();
    const logger = bunyan.createLogger({ name: "x", stream, serializers: bunyan.stdSerializers });
    logger.error(error);
    logger.error({ err: error, error }, "failed");
    return text();
  },
  "console.error": (error) => {
    const { stream, text } = collector();
    new Console(stream).error(error, { error });
    return text();
  },
  "JSON.stringify": (error) => JSON.stringify({ error, cause: error.cause }),
  "util.inspect": (error) => inspect(error, { depth: null, showHidden: true }),
  "Node for an uncaught error": (error) => inspect(error, { customInspect: false, depth: null, showHidden: true }),
  structuredClone: (error) => inspect(structuredClone(error), { depth: null, showHidden: true }),
};

describe.each(Object.entries(FAILURES))("an error `%s`", (code, fail) => {
  let error: OpleadError;
  beforeAll(async () => {
    error = await fail();
  });

  it.each(Object.entries(WAYS))("through %s shows its message and nothing personal", (_way, show) => {
    expect(error.code).toBe(code);
    const shown = show(error);
    expect(shown).toContain(error.message.slice(0, 30));
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  it("has what was thrown under a name that is not enumerable", () => {
    expect(Object.keys(error)).not.toContain("thrown");
    for (const name in error) expect(["thrown", "cause", "body"]).not.toContain(name);
    if (["source_failed", "token_unavailable", "connection"].includes(code)) {
      expect(error.thrown).toMatchObject({ message: "row of noemie@secret.example", code: "ECONNRESET" });
      expect(error.cause).toMatchObject({ message: "[not shown, 28 characters]", code: "ECONNRESET" });
    }
  });
});

it("console.log of an `incomplete` error with five failed rules names each rule in at most 25 lines", async () => {
  const fake = createFakeOplead({ token: "tok-3f9c" });
  fake.fail({ on: ({ path }) => path.includes("/rule/"), as: { status: 422, body: {} }, times: 99 });
  const rules = {
    geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] },
    maxDistance: 30,
    competences: [{ range: { code: "RNG_A" } }],
    contactProfiles: ["CPR_A"],
    profileTypes: ["pro" as const],
  };
  const error = await failureOf(client({ fetch: fake.fetch }).upsertUser(user(1), { rules: rules as never }));
  const shown = inspect(error);
  expect(error.code).toBe("incomplete");
  expect(shown.split("\n").length).toBeLessThanOrEqual(25);
  for (const rule of Object.keys(rules)) expect(shown).toContain(`- ${rule}: refused (422)`);
  expect(shown).toContain("errors.loggers.test.ts");
});
