import { afterEach, expect, it, vi } from "vitest";
import { type LoadOptions, loadConfig } from "../../src/parts.ts";
import { folderWith, listOf } from "../support/folder.ts";

const entry = JSON.stringify(new URL("../../src/config/index.ts", import.meta.url).href);

async function load(files: Record<string, string | Uint8Array>, options: LoadOptions = {}) {
  const folder = await folderWith(files);
  return loadConfig({ folder, ...options });
}

const plain = (content: string) => ({ "oplead.config.mjs": `export default ${content};` });

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OPL_TEST_")) delete process.env[name];
  vi.unstubAllEnvs();
});

it.each(["oplead.config.ts", "oplead.config.mts", "oplead.config.js", "oplead.config.mjs"])(
  "the config file %s loads in a package whose package.json has no type, with top-level await",
  async (name) => {
    const text = 'const token = await Promise.resolve("t");\nexport default { client: { token } };\n';
    const { config, file } = await load({ [name]: text, "package.json": "{}" });
    expect(config.client?.token).toBe("t");
    expect(file.endsWith(name)).toBe(true);
  },
);

it.each([
  ["uuid", true],
  ["digits", undefined],
])("if the file of facts says that IDs are %s, numericAccountNumbers of the client is %s", async (value, expected) => {
  const facts = { idType: { verdict: "refuted", value, evidence: [] } };
  const file = JSON.stringify({ name: "acme", facts: { version: 2, baseUrl: "https://api.oplead.com", facts } });
  const files = { ...plain('{ client: { token: "t" }, platform: "./platform.json" }'), "platform.json": file };
  const { platform } = (await load(files)).config.client ?? {};
  expect([platform?.numericAccountNumbers, platform?.name]).toEqual([expected, "acme"]);
});

it("a .ts config may have types, enums and imports of .ts files, with and without the ending .ts", async () => {
  const { config } = await load({
    "oplead.config.ts": `
        import { token } from "./token.ts";
        import { baseUrl } from "./address";
        enum Profile { Dealer = "PRF_DEALER" }
        interface Row { readonly ref: string }
        const map = (row: Row) => ({ user: { accountNumber: row.ref, profile: { code: Profile.Dealer } } });
        export default { client: { token, baseUrl }, map } as const;`,
    "token.ts": "export const token: string = 't';",
    "address.ts": "export const baseUrl: string = 'https://oplead.example';",
  });
  expect(config.client).toEqual({ token: "t", baseUrl: "https://oplead.example" });
  expect(config.map?.({ ref: "A" })).toEqual({ user: { accountNumber: "A", profile: { code: "PRF_DEALER" } } });
});

it.each([
  [
    "CommonJS, with a comment that looks like a module",
    "js",
    "/*\nimport x from 'y'\nexport default 1\n*/\nmodule.exports = { audit: false };",
  ],
  [
    "CommonJS, with a text that looks like a module",
    "js",
    "const text = `\nexport default {}`;\nmodule.exports = { audit: text === '' };",
  ],
  ["a module whose export does not begin a line", "js", "/* ours */ export default { audit: false };"],
  ["a module without an import that waits", "js", "const audit = await false;\n/**/ export default { audit };"],
  [
    "TypeScript, with a comment that looks like a namespace",
    "ts",
    "/*\n namespace N {\n */\nexport default { audit: false as boolean };",
  ],
  [
    "TypeScript, with a text that looks like a namespace",
    "ts",
    "const text: string = `\nmodule n {`;\nexport default { audit: text === '' };",
  ],
])("a config that is %s is loaded in its own format", async (_what, ending, text) => {
  const { config } = await load({ [`oplead.config.${ending}`]: text }, { needs: [] });
  expect(config.audit).toBe(false);
});

it.each([
  ["there is no config file", {}, {}, /There is no oplead\.config\.\{ts,mts,js,mjs\} in .*npx oplead-sdk init/],
  ["the named config file does not exist", {}, { file: "x.mjs" }, /There is no config file .*x\.mjs/],
  [
    "there are two config files",
    { "oplead.config.ts": "export default {}", "oplead.config.mjs": "export default {}" },
    {},
    /several config files: .*\.ts, .*\.mjs/,
  ],
  [
    "the config imports a package that is not installed",
    { "oplead.config.mjs": "import 'no-such-package-here'; export default {}" },
    {},
    /no-such-package-here.* Install it beside the config/s,
  ],
  ["the config throws", { "oplead.config.mjs": "throw new Error('boom')" }, {}, /cannot be loaded: boom/],
  [
    "the config has a namespace, which Node does not load either",
    { "oplead.config.ts": "namespace N { export const a = 1 }\nexport default { client: { token: N.a } }" },
    {},
    /namespaces are not supported here/,
  ],
  ["the config throws a text", { "oplead.config.mjs": "throw 'boom'" }, {}, /a string was thrown/],
  ["the config has no default export", { "oplead.config.mjs": "export const a = 1;" }, {}, /must export a config/],
  ["the platform has no facts file", plain("{ platform: './no.json' }"), { needs: [] }, /platform: .*ENOENT/],
  [
    "the platform's file holds no facts",
    { ...plain("{ platform: './p.json' }"), "p.json": '{ "facts": [] }' },
    { needs: [] },
    /platform(?:\.facts[^:]*)?: /,
  ],
  ["the client is no object", plain("{ client: 5 }"), {}, /client: must be an object/],
  ["a target of notify is wrong", plain("{ notify: [{ kind: 'fax' }] }"), { needs: [] }, /notify/],
])("the error invalid_options says that %s", async (_what, files, options, message) => {
  await expect(load(files as Record<string, string | Uint8Array>, options)).rejects.toMatchObject({
    code: "invalid_options",
    message: expect.stringMatching(message),
  });
});

const issueOf = async (name: string, text: string) => {
  const error = await load({ [name]: text }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "invalid_options" });
  return error.issues[0];
};

it.each(["oplead.config.mjs", "oplead.config.js", "oplead.config.ts"])(
  "a syntax error in %s is shown with its line, a mark under its column, and what is probably missing",
  async (name) => {
    const issue = await issueOf(name, 'export default {\n  audit: "a.jsonl"\n  ledger: "./l",\n};\n');
    expect(issue).toMatchObject({ path: "", code: "comma_missing" });
    expect(issue.parameters).toMatchObject({ place: `${name}:3:3`, line: '  ledger: "./l",', mark: "  ^" });
    expect(issue.message).toContain('\n\n      ledger: "./l",\n      ^\n');
  },
);

it("the message about a syntax error names a missing bracket or quote, and cuts a line before a secret", async () => {
  const name = "oplead.config.mjs";
  expect(await issueOf(name, "export default {\n  audit: false,\n")).toMatchObject({ code: "bracket_missing" });
  expect(await issueOf(name, "export default { a: [1, 2 };\n")).toMatchObject({ code: "bracket_missing" });
  expect(await issueOf(name, 'export default {\n  audit: "a.jsonl,\n};\n')).toMatchObject({ code: "quote_missing" });
  expect(await issueOf(name, "export default { a b };\n")).toMatchObject({ code: "comma_missing" });
  const secret = await issueOf(name, 'export default { client: { token: "s3cr3t" timeoutMs: 5 } };\n');
  expect(JSON.stringify(secret)).not.toContain("s3cr3t");
});

const table = (entries: string) => `const cell = { values: () => {} };
export default { map: cell.values("Fonction", {
  ${entries}
}) && (() => {}) };
`;
const issuesOf = async (text: string) => {
  const loaded = await load({ "oplead.config.mjs": text }, { needs: [] }).catch((error) => error);
  return loaded.issues?.map(({ code }: { code: string }) => code) ?? [];
};

it("a key that stands twice in the table of cell.values is refused with the place of the second", async () => {
  const text = table('PRF_A: ["Vendeur"], // one\n  PRF_B: "Chef",\n  "PRF_A": [\n    "Vendeuse",\n  ],');
  const error = await load({ "oplead.config.mjs": text }, { needs: [] }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "invalid_options", issues: [{ path: "", code: "key_twice" }] });
  expect(error.issues[0].parameters).toMatchObject({ place: "oplead.config.mjs:5:3", name: "PRF_A", mark: "  ^" });
  expect(await issuesOf(table('["M."]: "M",\n  ["M."]: "Mr",'))).toEqual(["key_twice"]);
});

it("keys that stand once, in comments or in computed tables are not refused", async () => {
  expect(await issuesOf(table('PRF_A: ["Vendeur", "PRF_B"], PRF_B: "PRF_A"'))).toEqual([]);
  expect(await issuesOf(table("...{ PRF_A: 1 }, PRF_A: 2"))).toEqual([]);
  expect(await issuesOf(`// cell.values("A", { a: "1", a: "2" })\nexport default { map: () => {} };\n`)).toEqual([]);
  expect(await issuesOf(`/* cell.codes("A", {\n a: "1", a: "2" }) */ export default { map: () => {} };`)).toEqual([]);
});

it("one error lists unknown options, wrong values and the problems that the client finds", async () => {
  const config =
    '{ soruce: [], map: 1, ledger: "", guard: true, concurrency: 0, client: { token: "t", timeoutMs: -1 } }';
  const error = await load(plain(config)).catch((thrown) => thrown);
  const paths = error.issues.map(({ path }: { path: string }) => path).sort();
  expect(paths).toEqual(["client.timeoutMs", "concurrency", "guard", "ledger", "map", "soruce"]);
  expect(error.message).toContain("oplead.config.mjs is not valid.");
});

it("every environment variable that is not set is named with the path of the option that uses it", async () => {
  const error = await load({
    "oplead.config.mjs": `import { csvSource, env, restSource } from ${entry};
        export default {
          client: { token: env("OPL_TEST_TOKEN"), baseUrl: env("OPL_TEST_HOST") + "/api" },
          source: csvSource(env("OPL_TEST_FILE")),
          targets: { other: { source: restSource({ url: env("OPL_TEST_ADDRESS") }) } },
        };`,
  }).catch((thrown) => thrown);
  expect(error.issues).toMatchObject([
    { path: "client.token", message: "the environment variable OPL_TEST_TOKEN is not set" },
    { path: "client.baseUrl", message: "the environment variable OPL_TEST_HOST is not set" },
    { path: "source", message: "the environment variable OPL_TEST_FILE is not set" },
  ]);
});

it("an environment variable may be missing if the chosen target does not need it", async () => {
  const files = {
    "oplead.config.mjs": `import { env } from ${entry};
        export default {
          client: { token: env("OPL_TEST_TOKEN"), timeoutMs: 1000 },
          targets: { staging: { client: { token: "s" } }, other: { client: { token: env("OPL_TEST_OTHER") } } },
        };`,
  };
  const { config } = await load(files, { target: "staging" });
  expect(config.client).toEqual({ token: "s", timeoutMs: 1000 });
  const overridden = await load(files, { override: { client: { token: "stdin" } } });
  expect(overridden.config.client?.token).toBe("stdin");
});

it("the default given to env() is used if the variable is empty", async () => {
  process.env.OPL_TEST_EMPTY = "";
  const { config } = await load({
    "oplead.config.mjs": `import { env } from ${entry};
        export default { client: { token: env("OPL_TEST_EMPTY", "d") } };`,
  });
  expect(config.client?.token).toBe("d");
});

it("the error lists every part that the command needs and the config lacks", async () => {
  await expect(load(plain("{ client: { token: 't' } }"), { needs: ["client", "source", "map"] })).rejects.toMatchObject(
    {
      issues: [
        { path: "source", message: "is missing, and this command needs it" },
        { path: "map", message: "is missing, and this command needs it" },
      ],
    },
  );
});

it("a target changes client, guard and webhook by field, and replaces source and ledger as a whole", async () => {
  const { config, target } = await load(
    plain(`{
        client: { token: "t", rateLimit: { requests: 1, perMs: 10 } }, guard: { maxChanged: 0.1, minUsers: 5 }, source: [1],
        targets: { test: { client: { testMode: true, token: undefined }, guard: { maxChanged: 1 }, source: [2] } },
      }`),
    { target: "test" },
  );
  expect(target).toBe("test");
  expect(config.client).toEqual({ token: "t", rateLimit: { requests: 1, perMs: 10 }, testMode: true });
  expect(config.guard).toEqual({ maxChanged: 1, minUsers: 5 });
  expect(config.source).toEqual([2]);
});

it.each([
  [
    "{ client: { token: 't' }, targets: { a: {}, b: {} } }",
    "c",
    /targets\.c: is not a target of the config: it has a, b/,
  ],
  ["{ client: { token: 't' } }", "c", /targets\.c: is not a target of the config: it has none/],
  ["{ client: { token: 't' }, targets: { a: 1 } }", "a", /targets\.a: must be an object/],
  ["{ client: { token: 't' }, targets: { a: {} } }", "toString", /is not a target/],
])("the config %s refuses the target %s", async (config, target, message) => {
  await expect(load(plain(config), { target })).rejects.toMatchObject({ message: expect.stringMatching(message) });
});

it("relative paths of sources' files start at the folder of the config, wherever the command runs", async () => {
  const { config } = await load({
    "oplead.config.mjs": `import { csvSource } from ${entry};
        export default { client: { token: "t" }, source: csvSource("data/dealers.csv") };`,
    "data/dealers.csv": "ref\nA-1\n",
  });
  const source = config.source as () => AsyncIterable<unknown>;
  expect(await listOf(source())).toEqual([{ ref: "A-1" }]);
});

it("the .env file beside the config is loaded, and replaces nothing that is set", async () => {
  process.env.OPL_TEST_SET = "outside";
  const { config } = await load({
    ...plain("{ client: { token: process.env.OPL_TEST_NEW + '/' + process.env.OPL_TEST_SET } }"),
    ".env": "OPL_TEST_NEW=from-env\r\nOPL_TEST_SET=other\r\n",
  });
  expect(config.client?.token).toBe("from-env/outside");
});

it.each([
  ["with the byte order mark of UTF-8, as Notepad writes it", (text: string) => Buffer.from(`\ufeff${text}`)],
  ["in UTF-16, as PowerShell writes it", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["in UTF-16 without a byte order mark", (text: string) => Buffer.from(text, "utf16le").swap16()],
])("a .env file %s is read", async (_how, bytes) => {
  const { config } = await load({
    ...plain("{ client: { token: process.env.OPL_TEST_FIRST } }"),
    ".env": bytes("OPL_TEST_FIRST=first\r\nOPL_TEST_SECOND='a b' # why\r\n"),
  });
  expect(config.client?.token).toBe("first");
  expect(process.env.OPL_TEST_SECOND).toBe("a b");
});

it("a ledger key may be a list from the environment, and each unset variable is named with its place", async () => {
  const text = `import { env } from ${entry}; export default { ledgerKey: [env("OPL_TEST_NEW_KEY"), env("OPL_TEST_OLD_KEY")] };`;
  const error = await load({ "oplead.config.mjs": text }, { needs: [] }).catch((error: unknown) => error);
  expect(error).toMatchObject({
    issues: [
      { path: "ledgerKey[0]", code: "variables_not_set", parameters: { names: ["OPL_TEST_NEW_KEY"] } },
      { path: "ledgerKey[1]", code: "variables_not_set" },
    ],
  });
});

it("a ledger key is refused if it is too short, or if the config's own ledger would not use it", async () => {
  const codes = async (content: string) => {
    const error = await load(plain(content), { needs: [] }).catch((error: unknown) => error);
    return (error as { issues?: { path: string; code: string }[] }).issues?.map(({ path, code }) => `${path} ${code}`);
  };
  const methods = "get() {}, replace() {}, entries() {}, readNote() {}, close() {}";
  const key = '"a secret of the tests"';
  expect(await codes('{ ledgerKey: "short" }')).toEqual(["ledgerKey not_ledger_key"]);
  expect(await codes(`{ ledgerKey: ${key}, ledger: { ${methods} } }`)).toEqual(["ledgerKey key_without_ledger"]);
  expect(await codes(`{ ledgerKey: ${key}, ledger: { keyPlace: "option", ${methods} } }`)).toBeUndefined();
  expect(await codes(`{ ledgerKey: ${key}, ledger: "./ledger" }`)).toBeUndefined();
});
