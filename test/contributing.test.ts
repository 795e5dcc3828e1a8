import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const contributing = readFileSync(`${root}CONTRIBUTING.md`, "utf8");
const rows = [...contributing.matchAll(/^\| `(src\/[^`]+)` +\|/gm)].map(([, path = ""]) => path);

it("the map in CONTRIBUTING has a row for every file and folder of src/", () => {
  const entries = readdirSync(`${root}src`, { withFileTypes: true });
  const expected = entries.map((entry) => `src/${entry.name}${entry.isDirectory() ? "/" : ""}`);
  expect([...rows].sort()).toEqual(expected.sort());
});

it("every path that CONTRIBUTING names exists", () => {
  const paths = [...contributing.matchAll(/`((?:src|test|scripts|schema|bench|docs|examples|generated)\/[\w./-]*)`/g)];
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.map(([, path = ""]) => path).filter((path) => !existsSync(root + path))).toEqual([]);
});

it("CONTRIBUTING counts the names that a user must know, and the sources have each of them", () => {
  const lists = [...contributing.matchAll(/^\| ([\w ]+?) +\| (\d+) +\| (\d+) +\| ((?:`[\w.]+`(?:, )?)+) *\|$/gm)];
  expect(lists.map(([, program]) => program)).toEqual(["one upsert", "a webhook", "a night", "several machines"]);
  const folders = ["", "base", "client", "webhook", "sync", "sync/types", "queue", "redis", "reconcile"];
  const sources = folders
    .flatMap((folder) => readdirSync(`${root}src/${folder}`, { withFileTypes: true }).filter((file) => file.isFile()))
    .map(({ parentPath, name }) => readFileSync(`${parentPath}/${name}`, "utf8"))
    .join("\n");
  const names = lists.flatMap(([, , count, before, list = ""]) => {
    const each = [...list.matchAll(/[\w.]+/g)].map(([name]) => name);
    expect([each.length, each.length <= Number(before)]).toEqual([Number(count), true]);
    return each;
  });
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.filter((name) => !new RegExp(`\\b${name.replace("plan.", "")}\\b`).test(sources))).toEqual([]);
});

it("every test file that a configuration of the tests names exists", () => {
  const configs = readdirSync(root).filter((name) => /^vitest.*\.config\.ts$/.test(name));
  const files = configs.flatMap((name) =>
    [...readFileSync(root + name, "utf8").matchAll(/"(test\/[\w./-]+\.test\.ts)"/g)].map(([, file = ""]) => file),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
});

it("every test file mirrors a source file or folder, or its name says what else it is", () => {
  const rooms = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = rooms
    .filter(({ name }) => existsSync(`${root}test/${name}`))
    .flatMap(({ name }) =>
      readdirSync(`${root}test/${name}`, { recursive: true, encoding: "utf8" }).map((file) => `${name}/${file}`),
    )
    .filter((file) => /\.test\.ts$/.test(file) && !/\.(?:behaviour|property)\.test\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const twins = (file: string) => [".ts", ""].map((end) => `${root}src/${file.replace(/\.test\.ts$/, end)}`);
  expect(files.filter((file) => !twins(file).some((twin) => existsSync(twin)))).toEqual([]);
});
