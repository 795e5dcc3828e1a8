import type { RecognisedTable, UserColumn } from "../../config/recognise.ts";
import { DOCUMENTED_ADDRESS } from "../../core/names.ts";
import { jsComment, jsLiteral } from "../../core/page.ts";
import { type PlainCode, say, type Told, told } from "../say.ts";

/** The parts of every config that `oplead init` writes. The policy is commented out: it suits platforms whose users share a country. */
const parts = () => ({
  client: `  // ${say("sample_client")}
  client: {
    token: env("OPLEAD_TOKEN"),
    baseUrl: env("OPLEAD_BASE_URL", "${DOCUMENTED_ADDRESS}"),
  },
`,
  map: say("sample_map"),
  rules: say("sample_rules"),
  safety: `  // ${say("sample_ledger")}
  ledger: "./oplead-ledger",
  // ${say("sample_ledger_key")}
  ledgerKey: env("OPLEAD_LEDGER_KEY"),

  // ${say("sample_guard")}
  guard: { maxChanged: 0.2, maxMoved: 0.05 },

  // ${say("sample_policy")}
  // import { maxLost } from "oplead-sdk/coverage";
  // policies: [maxLost({ inhabitants: 100_000 })],
  // ${say("sample_receives")}
  // coverage: { receives: ({ user }) => user.profile?.code === "PRF_DEALER" },
`,
});

export function sampleConfig(): string {
  const { client, map, rules, safety } = parts();
  return `// @ts-check
import { csvSource, defineConfig, env } from "oplead-sdk/config";

export default defineConfig({
${client}
  // ${say("sample_source")}
  source: csvSource("dealers.csv", {
    columns: ["ref", "profile", "parent", "civility", "firstname", "lastname", "email", "street", "zip", "city", "radius"],
  }),

  // ${say("sample_key")}
  // ${say("sample_prefix")}
  key: (row) => \`HR-\${row.ref}\`,

  // ${map}
  map: (row) => ({
    user: {
      accountNumber: \`HR-\${row.ref}\`,
      civility: row.civility,
      firstname: row.firstname,
      lastname: row.lastname,
      login: row.email,
      email: row.email,
      profile: { code: row.profile },
      parentUserIdentifier: row.parent === "" ? undefined : \`HR-\${row.parent}\`,
      address: { street: row.street, zipCode: row.zip, city: row.city, country: { code: "FR" } },
    },
    // ${rules}
    rules: row.radius === "" ? {} : { maxDistance: Number(row.radius) },
  }),

${safety}
  // ${say("sample_targets")}
  targets: {
    test: { client: { testMode: true } },
  },
});
`;
}

export const SAMPLE_CSV = `ref,profile,parent,civility,firstname,lastname,email,street,zip,city,radius
1001,PRF_NETWORK,,Mme,Noémie,Kermarrec,noemie.kermarrec@dealers.example,1 quai de la Gare,75013,Paris,
1002,PRF_REGION,1001,M.,Jérôme,Étienne,jerome.etienne@dealers.example,3 rue de Siam,29200,Brest,
1003,PRF_DEALER,1002,Mme,Inès,Petit,ines.petit@dealers.example,12 route de Lyon,01000,Bourg-en-Bresse,30
1004,PRF_DEALER,1002,M.,Paul,N'Diaye,paul.ndiaye@dealers.example,8 rue du Port,29000,Quimper,50
`;

export const GITIGNORE: readonly string[] = [
  "oplead-ledger/",
  "oplead-ledger.key",
  "oplead-ledger.pause",
  "oplead-ledger.run.json",
  "oplead-ledger.mark.json",
  "oplead-alerts.json",
  "oplead-plans.json",
  "oplead-audit.jsonl",
  "oplead-support.json",
  ".env",
];

/** A config made for a file, and the things that a person still has to do. */
interface ConfigFrom {
  readonly text: string;
  readonly toDo: readonly Told[];
}

/** The most roles that a config lists, the commonest first. A column with more roles probably holds job titles. */
const MOST_ROLES = 50;

/** Names of countries as files write them, and their codes. */
const COUNTRIES = new Map([
  ...["France", "FRANCE"].map((name) => [name, "FR"] as const),
  ...["Belgique", "BELGIQUE", "Belgium"].map((name) => [name, "BE"] as const),
  ...["Suisse", "SUISSE", "Switzerland"].map((name) => [name, "CH"] as const),
  ...["Luxembourg", "LUXEMBOURG"].map((name) => [name, "LU"] as const),
]);

/** `PRF_RESPONSABLE_REGIONAL` for `Responsable régional`. */
function inventedCode(role: string): string {
  const plain = role
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toUpperCase();
  return `PRF_${plain.replace(/[^A-Z0-9]+/g, "_").replace(/^_|_$/g, "")}`;
}

/** Writes the config for a table that was recognised. `file` and `sheet` are those of the command line. */
export function configFrom(file: string, sheet: string | undefined, table: RecognisedTable): ConfigFrom {
  const { source, names, headerRow, isFirstRow, otherRows } = table;
  const columns = new Map(table.columns.map((column) => [column.column, column]));
  const about = parts();
  const toDo: Told[] = [];
  const nameOf = (column: UserColumn): string => jsLiteral(columns.get(column)?.name ?? null);
  const cell = (column: UserColumn): string => `row[${nameOf(column)}]`;
  const cellsOf = (column: UserColumn): readonly string[] =>
    columns.get(column)?.cells.filter((value) => value !== "") ?? [];
  const why = (column: UserColumn): string => {
    const name = nameOf(column);
    const isByCells = columns.get(column)?.by === "content";
    const text = isByCells ? say("column_by_cells", { name }) : say("column_by_name", { name });
    return jsComment(text);
  };
  const isMissing = (what: PlainCode): string => jsComment(say("not_found", { what: told(what) }));

  /** A field that Oplead requires. */
  const required = (
    field: string,
    column: UserColumn,
    what: PlainCode,
    otherwise: string,
    value = cell(column),
  ): string[] => {
    if (columns.has(column)) return [why(column), `${field}: ${value},`];
    toDo.push(told("name_and_what", { name: field, what: told(what) }));
    return [isMissing(what), `${field}: ${otherwise},`];
  };
  const optional = (field: string, column: UserColumn): string[] =>
    columns.has(column) ? [why(column), `${field}: ${cell(column)} || undefined,`] : [];

  const isNumeric = cellsOf("accountNumber").some((value) => /^\d+$/.test(value));
  const prefixed = (value: string): string => (isNumeric ? `\`HR-\${${value}}\`` : value);
  const email = columns.has("email") ? cell("email") : '""';
  const key = columns.has("accountNumber") ? prefixed(cell("accountNumber")) : email;
  const aboutKey = columns.has("accountNumber")
    ? [why("accountNumber")]
    : [isMissing("lacks_key"), jsComment(say("config_email_as_key"))];
  if (!columns.has("accountNumber")) toDo.push(told("name_and_what", { name: "key", what: told("lacks_key") }));
  if (isNumeric) aboutKey.push(jsComment(say("sample_prefix")));

  const counts = new Map<string, number>();
  for (const role of cellsOf("profile")) counts.set(role, (counts.get(role) ?? 0) + 1);
  const roles = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_ROLES)
    .map(([role]) => role);
  const areCodes = roles.length > 0 && roles.every((role) => /^[A-Z]+_[A-Z0-9_]+$/.test(role));
  const profiles = (roles.length === 0 ? ["everyone"] : roles).map(
    (role) => [role, areCodes ? role : inventedCode(role)] as const,
  );
  if (!areCodes)
    toDo.push(
      told("to_do_profiles", {
        codes: profiles.map(([, code]) => code).join(", "),
      }),
    );

  const zips = cellsOf("zipCode");
  const lost = zips.filter((zip) => /^\d{4}$/.test(zip)).length;
  const isRepaired = !columns.has("country") && lost > 0 && lost < zips.filter((zip) => /^\d{5}$/.test(zip)).length;
  const nations = [...new Set(cellsOf("country"))];
  const needsCountries = columns.has("country") && !nations.every((value) => /^[A-Z]{2}$/.test(value));

  const unknown = needsCountries ? nations.filter((nation) => !COUNTRIES.has(nation)) : [];
  if (unknown.length > 0) toDo.push(told("to_do_countries", { countries: unknown.map(jsLiteral).join(", ") }));

  const accounts = new Set(cellsOf("accountNumber"));
  const superiors = cellsOf("parent");
  const isParentKnown =
    superiors.length > 0 && superiors.filter((value) => accounts.has(value)).length * 2 >= superiors.length;
  if (!isParentKnown) toDo.push(told("to_do_parents"));
  const parent = isParentKnown
    ? [why("parent"), `parentUserIdentifier: ${cell("parent")} === "" ? undefined : ${prefixed(cell("parent"))},`]
    : [
        columns.has("parent")
          ? jsComment(
              say("column_not_mapped", {
                name: nameOf("parent"),
              }),
            )
          : isMissing("lacks_parent"),
      ];

  const personal = (["accountNumber", "lastname", "email"] as const)
    .filter((column) => columns.has(column))
    .map((column) => (column === "lastname" ? `${cell(column)}.replace(/^[\\d\\s.,]*$/, "")` : cell(column)));
  const shown = `${otherRows.slice(0, 5).join(", ")}${otherRows.length > 5 ? ", …" : ""}`;
  const lookUp = (variable: string, codes: string, column: UserColumn, field: string): string[] => [
    `const ${variable} = ${codes}.get(${cell(column)});`,
    `if (${variable} === undefined) throw new RecordError(${jsLiteral(say("column_without_code", { name: nameOf(column) }))}, { field: ${jsLiteral(field)} });`,
  ];
  const first = [
    ...(otherRows.length === 0
      ? []
      : [
          jsComment(say("config_no_people", { rows: shown })),
          `if ([${personal.join(", ")}].filter((text) => text !== "").length < ${Math.min(2, personal.length)}) return null;`,
        ]),
    ...(roles.length === 0 ? [] : lookUp("profile", "profiles", "profile", "profile.code")),
    ...(needsCountries ? lookUp("country", "countries", "country", "address.country.code") : []),
  ];
  const needed = table.columns.flatMap(({ name }) => (names.includes(`${name} (2)`) ? [name, `${name} (2)`] : [name]));
  const country = needsCountries ? "country" : columns.has("country") ? `${cell("country")} || "FR"` : '"FR"';
  const user = [
    `accountNumber: ${key},`,
    ...required("civility", "civility", "lacks_title", '"M."'),
    ...required("lastname", "lastname", "lacks_last_name", '""'),
    ...optional("firstname", "firstname"),
    ...(columns.has("login")
      ? [why("login"), `login: ${cell("login")},`]
      : [jsComment(say("config_no_logins")), `login: ${email},`]),
    ...required("email", "email", "lacks_email", '""'),
    ...optional("phone", "phone"),
    ...optional("mobile", "mobile"),
    ...optional("company", "company"),
    ...(roles.length === 0
      ? [isMissing("lacks_role"), 'profile: { code: [...profiles.values()][0] ?? "" },']
      : [why("profile"), "profile: { code: profile },"]),
    ...parent,
    "address: {",
    ...[
      ...optional("street", "street"),
      ...(isRepaired ? [jsComment(say("config_zeros", { count: lost }))] : []),
      ...required(
        "zipCode",
        "zipCode",
        "lacks_postcode",
        '""',
        cell("zipCode") + (isRepaired ? '.padStart(5, "0")' : ""),
      ),
      ...required("city", "city", "lacks_town", '""'),
      columns.has("country") ? why("country") : jsComment(say("config_no_countries")),
      `country: { code: ${country} },`,
    ].map((line) => `  ${line}`),
    "},",
  ];
  const rules = columns.has("maxDistance")
    ? [
        why("maxDistance"),
        `rules: ${cell("maxDistance")} === "" ? {} : { maxDistance: Number(${cell("maxDistance")}.replace(",", ".").replace(/\\s*km$/i, "")) },`,
      ]
    : [jsComment(about.rules), "rules: {},"];
  const block = (spaces: number, lines: readonly string[]): string =>
    lines.map((line) => `${" ".repeat(spaces)}${line}\n`).join("");
  const usesRecordError = roles.length > 0 || needsCountries;
  const codes = (variable: string, pairs: readonly (readonly [string, string])[]): string =>
    `const ${variable} = new Map([\n${block(
      2,
      pairs.map(([value, code]) => `[${jsLiteral(value)}, ${jsLiteral(code)}],`),
    )}]);\n`;
  const text = `// @ts-check
${jsComment(say("config_made"))}
import { defineConfig, env, ${source}${usesRecordError ? ", RecordError" : ""} } from "oplead-sdk/config";

${jsComment(areCodes ? say("config_profiles") : say("config_profiles_invented"))}
${codes("profiles", profiles)}${
  needsCountries
    ? `\n${jsComment(say("config_countries"))}\n${codes(
        "countries",
        [...COUNTRIES].filter(([nation]) => nations.includes(nation)),
      )}`
    : ""
}
export default defineConfig({
${about.client}
  ${jsComment(say("config_columns"))}
  source: ${source}(${jsLiteral(file)}, {
${block(4, [
  ...(sheet === undefined ? [] : [`sheet: ${jsLiteral(sheet)},`]),
  ...(isFirstRow ? [] : [jsComment(say("config_titles")), `headerRow: ${headerRow},`]),
  `columns: [${[...new Set(needed)].map(jsLiteral).join(", ")}],`,
])}  }),

${block(2, aboutKey)}  key: (row) => ${key},

  ${jsComment(about.map)}
  map: (row) => {
${block(4, first)}    return {
      user: {
${block(8, user)}      },
${block(6, rules)}    };
  },

${about.safety}
  ${jsComment(say("config_fake"))}
  fake: { profiles: [...profiles].map(([label, code]) => ({ code, label })) },

  ${jsComment(say("config_targets"))}
  targets: {
    test: { client: { testMode: true } },
  },
});
`;
  return { text, toDo };
}
