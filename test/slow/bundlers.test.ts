// A bundle for Node must have the transport over node:http. Any other must have fetch and nothing of Node.
import { mkdtemp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { tool } from "./toolbox.ts";

const WEBPACK = "5.112.2";
const consumers = inject("consumers");

interface Bundle {
  sends: string[];
  needsNode: boolean;
  undecided: boolean;
}

const bundle = (text: string, modules: Iterable<string>) => ({
  sends: [...new Set([...modules].map((path) => basename(path)))].filter((name) => /^send-\w+\.c?js$/.test(name)),
  needsNode: /["']node:\w+/.test(text),
  undecided: /["']#send["']/.test(text),
});

const forNode = (made: Bundle, send = "send-node.js") =>
  expect(made).toEqual({ sends: [send], needsNode: true, undecided: false });

function forElsewhere({ sends, ...rest }: Bundle, send = "send-fetch.js") {
  // The file only re-exports a shared file, so some bundlers drop it.
  expect([[send], []]).toContainEqual(sends);
  expect(rest).toEqual({ needsNode: false, undecided: false });
}

const bundled = async (platform: "browser" | "node" | "neutral", conditions: string[], entry = "page.mjs") => {
  const { metafile, outputFiles } = await esbuild({
    absWorkingDir: consumers,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform,
    conditions,
    write: false,
    metafile: true,
  });
  return bundle(outputFiles.map(({ text }) => text).join("\n"), Object.keys(metafile.inputs));
};

test("esbuild bundles a program with this package for the browser", async () =>
  forElsewhere(await bundled("browser", [])));
test("esbuild bundles a program with this package for Node, and the bundle sends with the code for Node", async () =>
  forNode(await bundled("node", [])));
test("esbuild bundles a program with this package for an edge worker", async () =>
  forElsewhere(await bundled("browser", ["workerd", "worker"])));
test("esbuild bundles a program for an edge function whose bundler also sets the condition node", async () =>
  forElsewhere(await bundled("neutral", ["edge-light", "node"])));
test("esbuild bundles a program with this package for no particular platform", async () =>
  forElsewhere(await bundled("neutral", [])));
test("esbuild bundles a CommonJS program with this package for the browser", async () =>
  forElsewhere(await bundled("browser", [], "required.cjs"), "send-fetch.cjs"));
test("esbuild bundles a CommonJS program for Node, and the bundle sends with the code for Node", async () =>
  forNode(await bundled("node", [], "required.cjs"), "send-node.cjs"));

describe("vite", () => {
  const bundled = async (ssr: boolean) => {
    const result = await vite({
      root: consumers,
      configFile: false,
      logLevel: "warn",
      ...(ssr ? { ssr: { noExternal: true } } : {}),
      build: { write: false, minify: false, ssr, rolldownOptions: { input: join(consumers, "page.mjs") } },
    });
    const outputs = [result].flat().flatMap((one) => ("output" in one ? one.output : []));
    const chunks = outputs.filter((output) => output.type === "chunk");
    return bundle(
      chunks.map(({ code }) => code).join("\n"),
      chunks.flatMap(({ moduleIds }) => moduleIds),
    );
  };

  test("vite bundles a program with this package for the browser", async () => forElsewhere(await bundled(false)));
  test("vite bundles a program for server-side rendering, which sends with the code for Node", async () =>
    forNode(await bundled(true)));
});

describe("webpack", () => {
  interface Stats {
    hasErrors(): boolean;
    toString(options: object): string;
    toJson(options: object): { modules: { nameForCondition?: string; modules?: { nameForCondition?: string }[] }[] };
  }
  let webpack: (config: object, done: (error: Error | null, stats?: Stats) => void) => void;

  beforeAll(async () => {
    webpack = createRequire(join(await tool("webpack", WEBPACK), "tool.cjs"))("webpack");
  });

  const bundled = async (target: "web" | "node" | "webworker") => {
    const folder = await mkdtemp(join(consumers, "webpack-"));
    const config = {
      context: consumers,
      entry: "./page.mjs",
      mode: "production",
      optimization: { minimize: false },
      target,
      output: { path: folder, filename: "bundle.js" },
    };
    const stats = await new Promise<Stats>((resolve, reject) =>
      webpack(config, (error, done) => (done === undefined ? reject(error) : resolve(done))),
    );
    if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
    const { modules } = stats.toJson({ all: false, modules: true, nestedModules: true });
    const files = modules.flatMap((module) => [module, ...(module.modules ?? [])]).map((m) => m.nameForCondition ?? "");
    return bundle(await readFile(join(folder, "bundle.js"), "utf8"), files);
  };

  test("webpack bundles a program with this package for the browser", async () => forElsewhere(await bundled("web")));
  test("webpack bundles a program with this package for a web worker", async () =>
    forElsewhere(await bundled("webworker")));
  test("webpack bundles a program with this package for Node, and the bundle sends with the code for Node", async () =>
    forNode(await bundled("node")));
});
