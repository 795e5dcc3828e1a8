// The table of docs/explain/comparison.md: what this package and the SDKs of larger platforms bring along.
//
//     npm run build && node bench/beside.mjs [--save]
//
// Each is installed from npm into an empty folder, ours from the packed tarball. --save writes the table into the page.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { installOurs, npm, project, ROOT } from "./lib/setup.mjs";

const PAGE = join(ROOT, "docs/explain/comparison.md");
const [BEGIN, END] = ["<!-- the table is made by bench/beside.mjs -->\n", "\n<!-- end of the table beside others -->"];

const SUBJECTS = [
  {
    spec: "oplead-sdk",
    client: "createOplead",
    ids: "in results and errors",
    fake: "in the package, with state and faults",
  },
  {
    spec: "stripe@23.1.0",
    client: "default",
    ids: "in results and errors",
    fake: "stripe-mock, a server without state",
  },
  { spec: "openai@6.49.0", client: "default", ids: "in results and errors", fake: "no" },
  { spec: "@workos-inc/node@8.13.0", client: "WorkOS", ids: "in errors", fake: "no" },
  { spec: "octokit@5.0.5", client: "Octokit", ids: "among the headers", fake: "no" },
  { spec: "@okta/okta-sdk-nodejs@8.1.0", client: "Client", ids: "among the headers of errors", fake: "no" },
];

/**
 * @param {string} folder
 * @param {RegExp} [name] of the files that count; default: all
 */
function bytesOf(folder, name = /./) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .reduce((sum, file) => sum + statSync(join(file.parentPath ?? file.path, file.name)).size, 0);
}

/**
 * @param {typeof SUBJECTS[number]} subject
 * @param {string} installed what npm is asked for
 */
async function measure({ spec, client, ids, fake }, installed) {
  const name = spec.replace(/(.)@.*/, "$1");
  const dir = project({ "package.json": '{ "private": true }\n' });
  npm(["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", installed], dir);
  const modules = join(dir, "node_modules");
  const packages = Object.keys(JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8")).packages).length;
  const { outputFiles } = await build({
    stdin: { contents: `export { ${client} } from ${JSON.stringify(name)};`, resolveDir: dir },
    ...{
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      target: "es2022",
      write: false,
      logLevel: "error",
    },
    loader: { ".node": "empty" },
  });
  const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  const row = [
    `\`${spec}\``,
    mb(bytesOf(join(modules, name), /\.d\.[cm]?ts$/)),
    mb(bytesOf(modules, /\.d\.[cm]?ts$/)),
    `${(gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length / 1000).toFixed(0)} kB`,
    mb(bytesOf(modules)),
    String(packages),
    ids,
    fake,
  ];
  rmSync(dir, { recursive: true });
  return row;
}

const ours = installOurs();
if (!ours) throw new Error("There is no dist/ to pack: npm run build");
const head = [
  "",
  "its declarations",
  "all declarations",
  "client, gzip",
  "installed",
  "packages",
  "request ids",
  "a fake",
];
const rows = [head];
for (const subject of SUBJECTS)
  rows.push(await measure(subject, subject.spec === "oplead-sdk" ? ours.tarball : subject.spec));

const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
const line = (/** @type {string[]} */ row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
const table = [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)].join("\n");
console.log(table);
if (process.argv.includes("--save")) {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the table.`);
  writeFileSync(PAGE, `${page.slice(0, from + BEGIN.length)}\n${table}\n${page.slice(to)}`);
}
