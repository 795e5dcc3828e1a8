import { expect, it } from "vitest";
import type { UserProfile } from "../../../src/index.ts";
import { cycleIssue, parentsFirst, profileIssues } from "../../../src/sync/plan/hierarchy.ts";

const visits = (names: string[], parents: Record<string, string>) =>
  [...parentsFirst(names, (name) => parents[name])].map(({ accountNumber, cycle }) =>
    cycle ? `${accountNumber}: ${cycle.join(" ")}` : accountNumber,
  );

it("each user is visited once, parents come before their children, and otherwise the given order stays", () => {
  expect(visits(["c", "b", "d", "a"], { c: "b", b: "a" })).toEqual(["a", "b", "c", "d"]);
  expect(visits([], {})).toEqual([]);
  expect(visits(["x"], { x: "above", above: "top" })).toEqual(["top", "above", "x"]);
});

it("a user in a cycle is returned with the cycle, which begins with it, and one below it without", () => {
  expect(visits(["a"], { a: "a" })).toEqual(["a: a"]);
  expect(visits(["below", "a"], { below: "a", a: "b", b: "c", c: "a" })).toEqual([
    "c: c a b",
    "b: b c a",
    "a: a b c",
    "below",
  ]);
  expect(visits(["a", "late"], { a: "b", b: "a", late: "b" })).toEqual(["b: b a", "a: a b", "late"]);
});

const names = (count: number) => Array.from({ length: count }, (_, at) => `N${at}`);

it("an issue with parents shows a cycle from a user to itself, cut short after ten users", () => {
  expect(cycleIssue(["N0"]).message).toBe("is in a cycle of parents: N0 → N0");
  expect(cycleIssue(names(3)).message).toBe("is in a cycle of parents: N0 → N1 → N2 → N0");
  expect(cycleIssue(names(9)).message).not.toContain("…");
  expect(cycleIssue(names(10)).message).toContain("N9 → … → N0");
});

const profile = (code: string, parent?: string): [string, UserProfile] => {
  return [code, { code, label: code, ...(parent !== undefined && { parent: { code: parent } }) }];
};
const profiles = new Map([
  profile("TOP"),
  profile("MIDDLE", "TOP"),
  profile("LOW", "MIDDLE"),
  profile("ROUND", "ABOUT"),
  profile("ABOUT", "ROUND"),
  profile("LOST", "GONE"),
]);
const paths = (own: string | undefined, parent?: string) =>
  profileIssues(own, parent, profiles).map(({ path }) => path);

it("a user with an unknown profile, or a parent whose profile is not above it, has an issue", () => {
  expect(paths("NOWHERE", "TOP")).toEqual(["profile.code"]);
  expect(paths("LOW", "MIDDLE")).toEqual([]);
  expect(paths("LOW", "TOP")).toEqual([]);
  expect(paths("MIDDLE", "LOW")).toEqual(["parentUserIdentifier"]);
  expect(paths("LOW", "LOW")).toEqual(["parentUserIdentifier"]);
  expect(paths("ROUND", "TOP")).toEqual(["parentUserIdentifier"]);
  expect(paths("ROUND", "ABOUT")).toEqual([]);
  expect(paths("LOST", "TOP")).toEqual(["parentUserIdentifier"]);
});

it("a user has no profile issue if the profiles are not known", () => {
  expect(paths(undefined, "TOP")).toEqual([]);
  expect(paths("LOW")).toEqual([]);
  expect(paths("LOW", "NOWHERE")).toEqual([]);
  expect(paths("TOP", "LOW")).toEqual([]);
});

it("an issue with profiles shows a profile's code, and hides any text that is not a code", () => {
  const message = (code: string) => profileIssues(code, undefined, profiles)[0]?.message;
  expect(message("PRF_X-1.b")).toBe('"PRF_X-1.b" is not a profile of this platform');
  for (const personal of ["Zoé Martin", "a@b", "PRF X", " PRF", "X".repeat(41)]) {
    expect(message(personal)).toBe('"[not shown]" is not a profile of this platform');
  }
});
