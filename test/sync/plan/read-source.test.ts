import { expect, it } from "vitest";
import { OpleadError } from "../../../src/core/errors.ts";
import { issueAt } from "../../../src/core/issues.ts";
import { EVERYTHING } from "../../../src/core/values.ts";
import { tellValue } from "../../../src/locales/en/core.ts";
import { MapFailureLog } from "../../../src/sync/plan/map-record.ts";
import { readSource } from "../../../src/sync/plan/read-source.ts";
import { failureOf } from "../../support/failure.ts";

type Options = Parameters<typeof readSource<number>>[0];

async function read({ signal, ...options }: Partial<Options> & { signal?: AbortSignal }, concurrency = 2) {
  const taken: number[] = [];
  const { records } = await readSource(
    { source: [1, 2, 3], map: () => null, ...options } as Options,
    EVERYTHING,
    concurrency,
    { caller: "planSync", signal },
    (one) => {
      taken.push(one.record);
    },
  );
  return { records, taken };
}

it("a source may be a list, a generator, a promise of one, or a function that gives one", async () => {
  const list = [1, 2, 3];
  async function* generator() {
    yield* list;
  }
  for (const source of [list, new Set(list), generator(), generator, () => list, async () => list, () => () => list]) {
    expect(await read({ source })).toEqual({ records: 3, taken: [0, 1, 2] });
  }
});

it("exactly as many records as concurrency says are mapped at the same time", async () => {
  let underWay = 0;
  let most = 0;
  const map = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay -= 1;
    return null;
  };
  const { records, taken } = await read({ source: Array.from({ length: 20 }, (_, at) => at), map }, 3);
  expect([records, taken.length, most]).toEqual([20, 20, 3]);
});

it("a source is not read further once the caller's signal is aborted", async () => {
  const over = AbortSignal.abort(new Error("stopped"));
  let wasRead = 0;
  const source = function* () {
    for (;;) yield ++wasRead;
  };
  expect(await failureOf(read({ source, signal: over }))).toMatchObject({ code: "aborted" });
  expect(wasRead).toBe(0);
  const caller = new AbortController();
  const map = (record: number) => {
    if (record === 5) caller.abort();
    return null;
  };
  expect(await failureOf(read({ source, map, signal: caller.signal }))).toMatchObject({ code: "aborted" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(wasRead).toBeLessThan(10);
});

it("an endless synchronous source lets timers and signals run", async () => {
  const caller = new AbortController();
  setTimeout(() => caller.abort(), 10);
  const source = function* () {
    for (;;) yield 1;
  };
  expect(await failureOf(read({ source, signal: caller.signal }))).toMatchObject({ code: "aborted" });
});

it("the error of a failed source tells kind, code and position of the cause", async () => {
  const messageOf = async (thrown: unknown) => {
    const failing = () => Promise.reject(thrown);
    return (await failureOf(read({ source: failing }))).message;
  };
  const bare = (more: object = {}) => Object.assign(new RangeError("secret"), { stack: undefined, ...more });
  const start = "planSync: the source failed:";
  expect(await messageOf(bare())).toBe(`${start} RangeError. Nothing was sent.`);
  expect(await messageOf(bare({ code: "ENOENT" }))).toBe(`${start} RangeError ENOENT. Nothing was sent.`);
  for (const code of ["", 7, undefined]) {
    expect(await messageOf(bare({ code }))).toBe(`${start} RangeError. Nothing was sent.`);
  }
  expect(await messageOf("secret")).toBe(`${start} string. Nothing was sent.`);
  expect(await messageOf(new OpleadError("timeout", "It took too long."))).toBe(
    `${start} It took too long. Nothing was sent.`,
  );
});

it("the error of a source that throws has the cause, and its issues if it is an OpleadError", async () => {
  const thrown = new Error("x");
  expect((await failureOf(read({ source: () => Promise.reject(thrown) }))).thrown).toBe(thrown);
  const inner = new OpleadError("invalid_options", "x", { issues: [issueAt("url", tellValue("empty"))] });
  const error = await failureOf(read({ source: () => Promise.reject(inner) }));
  expect(error.thrown).toBe(inner);
  expect(error.issues).toEqual([expect.objectContaining({ path: "url", code: "empty" })]);
});

const failure = { issues: [], error: "x" };
const add = (count: number, row?: number) => {
  const lines: string[] = [];
  const quiet = () => {};
  const log = new MapFailureLog({ debug: quiet, info: quiet, warn: (line) => void lines.push(line), error: quiet });
  for (let record = 0; record < count; record += 1) log.add({ record, row, failure });
  log.end();
  return lines;
};

it("the log of errors in map has at most ten lines, and one more for all further errors", () => {
  expect(add(0)).toEqual([]);
  expect(add(10)).toHaveLength(10);
  expect(add(11).slice(-2)).toEqual([expect.stringContaining("record 10"), "oplead-sdk: map threw for 1 more record"]);
});

it("the log of errors in map names the row if there is one, and without a logger it does nothing", () => {
  expect(add(1)).toEqual(["oplead-sdk: record 1: map threw a string"]);
  expect(add(1, 7)).toEqual(["oplead-sdk: record 1 (row 7): map threw a string"]);
  const none = new MapFailureLog(undefined);
  for (let record = 0; record < 12; record += 1) none.add({ record, row: undefined, failure });
  none.end();
});
