import { afterEach, expect, it } from "vitest";
import { localTime } from "../../src/locales/grammar.ts";

const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

it("a time is shown in the zone of the machine, with the zone's name, even after the clocks have changed", () => {
  process.env.TZ = "UTC";
  expect(localTime("2026-01-31T01:15:09.250Z")).toBe("2026-01-31 01:15:09 UTC");
  process.env.TZ = "Europe/Paris";
  expect(localTime("2026-01-31T01:15:09.250Z")).toBe("2026-01-31 02:15:09 CET");
  expect(localTime(Date.UTC(2026, 5, 30, 22, 5), false)).toBe("2026-07-01 00:05 CEST");
});
