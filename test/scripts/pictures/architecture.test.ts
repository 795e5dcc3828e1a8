import { expect, it } from "vitest";
import { drawRooms } from "../../../scripts/pictures/architecture.ts";

const IMPORTS = [
  { from: "command", to: "sync", count: 9 },
  { from: "command", to: "core", count: 20 },
  { from: "sync", to: "core", count: 30 },
  { from: "core", to: "sync", count: 1 },
];

it("the picture of the rooms (the folders of src/) shows each room once, below all rooms that import it", () => {
  const rooms = [...drawRooms(IMPORTS).matchAll(/<rect x="\d+" y="(\d+)"[^>]*\/>\s+<text[^>]*>(\w+)</g)];
  const sorted = rooms.toSorted((a, b) => Number(a[1]) - Number(b[1])).map(([, , room]) => room);
  expect(sorted).toEqual(["command", "sync", "core"]);
});

it("the picture of the rooms leaves out arrows that a longer way shows, and dashes upward ones", () => {
  const arrows = drawRooms(IMPORTS).match(/<path d="[^>]*marker-end[^>]*>/g) ?? [];
  expect(arrows.filter((arrow) => !arrow.includes("stroke-dasharray"))).toHaveLength(2);
  expect(arrows.filter((arrow) => arrow.includes("stroke-dasharray"))).toHaveLength(1);
});

it("the picture of the rooms does not depend on the order in which imports are found", () => {
  expect(drawRooms(IMPORTS.toReversed())).toBe(drawRooms(IMPORTS));
});
