import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, "utf8");
const contributing = read("CONTRIBUTING.md");

it("the section “The house” of CONTRIBUTING has a row for every folder of src/", () => {
  const rows = [...contributing.matchAll(/^\| `(\w+)\/` +\|/gm)].map(([, room = ""]) => room);
  const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(rows.sort()).toEqual(folders.map(({ name }) => name).sort());
});

it("CONTRIBUTING is one page of at most 120 lines", () => {
  expect(contributing.trimEnd().split("\n").length).toBeLessThanOrEqual(120);
});

it.each(["CONTRIBUTING.md", "test/README.md", "scripts/schema/README.md"])(
  "every path that %s names exists",
  (file) => {
    const paths = [
      ...read(file).matchAll(/[`(]((?:src|test|scripts|schema|bench|docs|examples|generated)\/[\w./-]*)[`)#]/g),
    ];
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.map(([, path = ""]) => path).filter((path) => !existsSync(root + path))).toEqual([]);
  },
);

it.each(["scripts", "bench", "examples", "deploy", "test", "test/world"])(
  "%s/ has a README that begins with its purpose",
  (folder) => {
    expect(read(`${folder}/README.md`)).toMatch(/^# .+\n\n\S.{40}/);
  },
);

it("the page with names for developers counts them right, and each name is in the sources", () => {
  const lists = [
    ...read("scripts/README.md").matchAll(/^\| ([\w ]+?) +\| (\d+) +\| (\d+) +\| ((?:`[\w.]+`(?:, )?)+) *\|$/gm),
  ];
  expect(lists.map(([, program]) => program)).toEqual(["one upsert", "a webhook", "a night", "several machines"]);
  const folders = [
    "core",
    "client",
    "transport",
    "ledger",
    "webhook",
    "sync",
    "sync/types",
    "bullmq",
    "redis",
    "reconcile",
  ];
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
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
});

it("every test file mirrors a source file or folder, or ends in behaviour.test.ts or property.test.ts", () => {
  const rooms = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = rooms
    .filter(({ name }) => existsSync(`${root}test/${name}`))
    .flatMap(({ name }) =>
      readdirSync(`${root}test/${name}`, { recursive: true, encoding: "utf8" }).map((file) => `${name}/${file}`),
    )
    .filter((file) => /\.test\.ts$/.test(file) && !/\.(?:behaviour|property)\.test\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  // `guard.segments.test.ts` tests the segments of `guard.ts`.
  const twins = (file: string) =>
    [".ts", ""].map((end) => `${root}src/${file.replace(/(?:\.[\w-]+)?\.test\.ts$/, end)}`);
  expect(files.filter((file) => !twins(file).some((twin) => existsSync(twin)))).toEqual([]);
});

it("a title of a test has at most 100 characters and no full stop, and starts with what is tested", () => {
  const call =
    /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`),\s*(?:\{[^}]*\},\s*)?(?:async\b|\(|\w+ =>|\w+\))/g;
  const titles = readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.test(?:-d)?\.ts$/.test(file))
    .flatMap((file) => [...read(`test/${file}`).matchAll(call)].map(([, title = ""]) => title.slice(1, -1)));
  expect(titles.length).toBeGreaterThan(2_000);
  const isWrong = (title: string): boolean =>
    title.length > 100 || /\.$|^(?:should|it|tests?|checks) (?!mode)/.test(title);
  expect(titles.filter(isWrong)).toEqual([]);
});
