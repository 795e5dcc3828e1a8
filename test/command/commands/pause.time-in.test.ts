import { expect, it } from "vitest";
import { timeIn } from "../../../src/command/commands/pause.ts";

const NOW = Date.parse("2026-06-01T02:00:00.000Z");
const at = (text: string) => timeIn(text, undefined, NOW).toISOString();

it("a time may be given as a duration from now, as local time, or as ISO 8601 with a zone", () => {
  expect(at("2d")).toBe("2026-06-03T02:00:00.000Z");
  expect(at("36h")).toBe("2026-06-02T14:00:00.000Z");
  expect(at(" 90m ")).toBe("2026-06-01T03:30:00.000Z");
  expect(at("2026-06-03 08:00")).toBe(new Date(2026, 5, 3, 8).toISOString());
  expect(at("2026-06-03T08:00:30")).toBe(new Date(2026, 5, 3, 8, 0, 30).toISOString());
  expect(at("2026-06-03T08:00Z")).toBe("2026-06-03T08:00:00.000Z");
  expect(at("2026-06-03T08:00:00.500+02:00")).toBe("2026-06-03T06:00:00.500Z");
});

it.each([
  "",
  "2",
  "2w",
  "-2d",
  "1.5d",
  "tomorrow",
  "08:00",
  "2026-06-03",
  "03/06/2026 08:00",
  "2026-02-30 08:00",
  "2026-13-01 08:00",
  "2026-06-03 24:00",
  "2026-06-03 08:61",
  "2026-06-31T08:00Z",
  "1780531200000",
])("the text %j is refused as a time, and the message names the possible forms", (text) => {
  expect(() => timeIn(text)).toThrow("It must be a length of time (2d, 36h, 90m), a local time (2026-01-31 08:00)");
});
