import { expect, it } from "vitest";
import { leaverAreas } from "../../../src/command/commands/plan.ts";

const leavers = ["A", "B"].map((accountNumber) => ({ accountNumber }) as never);
const area = (zipCodes: string[], inhabitants: number | undefined, eligible: string[]) => ({
  ...{ country: "FR", zipCodes, inhabitants, eligible },
});

it("the line about a leaver counts the postcodes that only leavers cover, and their inhabitants", () => {
  const classes = [
    area(["29000", "29100"], 60_000, ["A"]),
    area(["29200"], 24_000, ["A", "B"]),
    area(["29300"], 5_000, ["A", "C"]),
    area(["29500"], 9_000, []),
  ];
  expect([...leaverAreas(leavers, classes)]).toEqual([
    ["A", "no other user for 3 postcodes (84,000 inhabitants)"],
    ["B", "no other user for 1 postcode (24,000 inhabitants)"],
  ]);
});

it("the line of an area names no number if its inhabitants are not known", () => {
  const classes = [area(["1000"], undefined, ["A"]), area([], undefined, ["B"])];
  expect([...leaverAreas(leavers, classes)]).toEqual([["A", "no other user for 1 postcode"]]);
});
