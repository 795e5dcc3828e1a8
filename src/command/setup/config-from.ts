import { countryCode } from "../../config/cells.ts";
import { OF_A_PERSON, type RecognisedTable, saysGone, type UserColumn } from "../../config/recognise.ts";
import { DOCUMENTED_ADDRESS } from "../../core/names.ts";
import { jsComment, jsLiteral } from "../../core/page.ts";
import { languageName, type PlainCode, say, shown, type Told, told } from "../say.ts";

// The policy is a comment: it suits only platforms in one country.
const parts = () => ({
  client: `  // ${say("sample_language")}
  language: "${languageName()}",

  // ${say("sample_client")}
  client: {
    token: env("OPLEAD_TOKEN"),
    baseUrl: env("OPLEAD_BASE_URL", "${DOCUMENTED_ADDRESS}"),
  },
`,
  map: say("sample_map"),
  rules: say("sample_rules"),
  safety: `  // ${say("sample_ledger")}
  ledger: env("OPLEAD_DATA", ".") + "/oplead-ledger",
  audit: env("OPLEAD_DATA", ".") + "/oplead-audit.jsonl",
  // ${say("sample_ledger_key")}
  ledgerKey: env("OPLEAD_LEDGER_KEY"),

  // ${say("sample_guard")}
  guard: { maxChanged: 0.2, maxMoved: 0.05 },

  // ${say("sample_refresh")}
  // refreshAfterDays: 30,

  // ${say("sample_policy")}
  // policies: [maxLost({ inhabitants: 100_000 })],
  // ${say("sample_receives")}
  // coverage: { receives: ["PRF_DEALER"] },
`,
});

export function sampleConfig(): string {
  const { client, map, rules, safety } = parts();
  return `// @ts-check
import { csvSource, defineConfig, env } from "oplead-sdk/config";
// import { maxLost } from "oplead-sdk/coverage";

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
  "oplead-columns.json",
  "oplead-audit.jsonl",
  "oplead-support.json",
  ".env",
];

interface ConfigFrom {
  readonly text: string;
  readonly toDo: readonly Decision[];
}

interface Decision {
  readonly line: number;
  readonly what: Told;
}

// A column with more values holds free text, such as job titles.
const MOST_VALUES = 50;

const CIVILITIES: Readonly<Record<string, RegExp>> = {
  "M.": /^(?:m|mr|monsieur|mister)\.?$/i,
  Mme: /^(?:mme|madame|mlle|mademoiselle|mrs|ms|miss)\.?$/i,
};

// `Responsable régional` gives `PRF_RESPONSABLE_REGIONAL`.
function inventedCode(role: string): string {
  const plain = role
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toUpperCase();
  return `PRF_${plain.replace(/[^A-Z0-9]+/g, "_").replace(/^_|_$/g, "")}`;
}

// Gives the feminine and the masculine form one code.
function mostFrequentForm(role: string, roles: readonly string[]): string {
  const wanted = masculine(role);
  return roles.find((other) => masculine(other) === wanted) ?? role;
}

// `Vendeuse` gives `vendeur`.
function masculine(role: string): string {
  const plain = inventedCode(role).toLowerCase();
  return plain.replace(/(?:euse|trice|ere|ienne|ale|ee|nte)(?=_|$)/g, (ending) => {
    return { euse: "eur", trice: "teur", ere: "er", ienne: "ien", ale: "al", ee: "e", nte: "nt" }[ending] ?? ending;
  });
}

function valuesOf(cells: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of cells) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
}

function groupedBy(values: readonly string[], targetOf: (value: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const value of values) groups.set(targetOf(value), [...(groups.get(targetOf(value)) ?? []), value]);
  return groups;
}

function keyOf(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && name !== "__proto__" ? name : `[${jsLiteral(name)}]`;
}

function named(values: readonly string[]): string {
  return `${values.slice(0, 8).map(jsLiteral).join(", ")}${values.length > 8 ? ", …" : ""}`;
}

export function configFrom(
  file: string,
  sheet: string | undefined,
  table: RecognisedTable,
  isDeployed = false,
): ConfigFrom {
  const { source, names, headerRow, isFirstRow, otherRows } = table;
  const found = new Map(table.columns.map((column) => [column.column, column]));
  const about = parts();
  const decisions: { readonly what: Told; readonly comment: string }[] = [];
  const nameOf = (column: UserColumn): string => jsLiteral(found.get(column)?.name ?? null);
  const cellsOf = (column: UserColumn): string[] => found.get(column)?.cells.filter((value) => value !== "") ?? [];
  // Numbers decisions, so it is called in the order of the lines.
  const decide = (what: Told): string => {
    const comment = jsComment(`${decisions.length + 1}. ${shown(what)}`);
    decisions.push({ what, comment });
    return comment;
  };
  const lacks = (field: string, what: PlainCode): string => decide(told("to_do_lacks", { field, what: told(what) }));
  const why = (column: UserColumn): string => {
    const name = nameOf(column);
    const isByCells = found.get(column)?.by === "content";
    return jsComment(isByCells ? say("column_by_cells", { name }) : say("column_by_name", { name }));
  };
  const tableLines = (start: string, groups: ReadonlyMap<string, readonly string[]>): string[] => [
    `${start}, {`,
    ...[...groups].map(([target, values]) => `  ${keyOf(target)}: [${values.map(jsLiteral).join(", ")}],`),
    "}),",
  ];

  const optional = (field: string, column: UserColumn, helper?: "e164"): string[] =>
    found.has(column)
      ? [why(column), `${field}: ${helper === undefined ? nameOf(column) : `cell.${helper}(${nameOf(column)})`},`]
      : [];
  const required = (field: string, column: UserColumn, what: PlainCode, value = nameOf(column)): string[] =>
    found.has(column) ? [why(column), `${field}: ${value},`] : [lacks(field, what), `${field}: cell.always(""),`];

  const skip = (): string[] => {
    const lines: string[] = [];
    const marks = OF_A_PERSON.filter((column) => found.has(column));
    if (otherRows.length > 0 && marks.length > 1) {
      const rows = `${otherRows.slice(0, 5).join(", ")}${otherRows.length > 5 ? ", …" : ""}`;
      lines.push(jsComment(say("config_no_people", { rows })), `cell.notPerson(${marks.map(nameOf).join(", ")}),`);
    }
    const states = valuesOf(cellsOf("status"));
    const gone = states.filter(saysGone);
    const isList = states.length <= MOST_VALUES;
    if (gone.length > 0 || (isList && states.length > 0)) {
      const kept = states.filter((state) => !saysGone(state));
      const groups = new Map([["skip", gone]]);
      if (isList) groups.set("keep", [...kept, ""]);
      lines.push(
        decide(
          gone.length === 0
            ? told("to_do_states", { kept: named(kept) })
            : told("to_do_leavers", { gone: named(gone), kept: kept.length === 0 ? "—" : named(kept) }),
        ),
        ...tableLines(`cell.values(${nameOf("status")}`, groups),
      );
    }
    if (cellsOf("endDate").length > 0) {
      lines.push(decide(told("to_do_end_date", { name: nameOf("endDate") })), `cell.date(${nameOf("endDate")}),`);
    }
    if (listed.length > 0 && !areCodes) {
      lines.push(jsComment(say("config_no_accounts")), `cell.values(${nameOf("profile")}, { skip: [] }),`);
    }
    return lines.length === 0 ? [] : ["skip: [", ...lines.map((line) => `  ${line}`), "],"];
  };

  const isNumeric = cellsOf("accountNumber").some((value) => /^\d+$/.test(value));
  const prefixed = (column: UserColumn): string =>
    isNumeric ? `cell.prefix("HR-", ${nameOf(column)})` : nameOf(column);
  const email = found.has("email") ? nameOf("email") : 'cell.always("")';
  const accountNumber = (): string[] => {
    if (!found.has("accountNumber")) {
      return [lacks("accountNumber", "lacks_key"), jsComment(say("config_email_as_key")), `accountNumber: ${email},`];
    }
    const reason = isNumeric ? [jsComment(say("sample_prefix"))] : [];
    return [why("accountNumber"), ...reason, `accountNumber: ${prefixed("accountNumber")},`];
  };

  const civility = (): string[] => {
    if (!found.has("civility")) return [lacks("civility", "lacks_title"), 'civility: cell.always("M."),'];
    const values = valuesOf(cellsOf("civility"));
    const targetOf = (value: string): string | undefined =>
      Object.entries(CIVILITIES).find(([, form]) => form.test(value))?.[0];
    const unknown = values.filter((value) => targetOf(value) === undefined).slice(0, MOST_VALUES);
    const groups = groupedBy(
      values.filter((value) => targetOf(value) !== undefined),
      (value) => targetOf(value) ?? "",
    );
    return [
      why("civility"),
      decide(
        unknown.length === 0
          ? told("to_do_civility")
          : told("to_do_civility_unknown", { values: named(unknown), count: unknown.length }),
      ),
      ...tableLines(`civility: cell.values(${nameOf("civility")}`, groups),
    ];
  };

  const roles = valuesOf(cellsOf("profile"));
  const listed = roles.slice(0, MOST_VALUES);
  const areCodes = listed.length > 0 && listed.every((role) => /^[A-Z]+_[A-Z0-9_]+$/.test(role));
  const profiles = groupedBy(listed, (role) => (areCodes ? role : inventedCode(mostFrequentForm(role, listed))));
  const profile = (): string[] => {
    if (listed.length === 0) return [lacks("profile", "lacks_role"), 'profile: cell.always("PRF_EVERYONE"),'];
    const rest = roles.length - listed.length;
    return [
      why("profile"),
      ...(areCodes ? [] : [decide(told("to_do_profiles", { codes: named([...profiles.keys()]) }))]),
      ...(rest > 0 ? [decide(told("to_do_roles", { count: rest }))] : []),
      ...tableLines(`profile: cell.values(${nameOf("profile")}`, profiles),
    ];
  };

  const parent = (): string[] => {
    const accounts = new Set(cellsOf("accountNumber"));
    const superiors = cellsOf("parent");
    const known = superiors.filter((value) => accounts.has(value)).length;
    if (superiors.length > 0 && known * 2 >= superiors.length) {
      return [why("parent"), `parentUserIdentifier: ${prefixed("parent")},`];
    }
    const about = found.has("parent")
      ? jsComment(say("column_not_mapped", { name: nameOf("parent") }))
      : jsComment(say("not_found", { what: told("lacks_parent") }));
    return [about, decide(told("to_do_parents"))];
  };

  const country = (): string[] => {
    if (!found.has("country")) return [jsComment(say("config_no_countries")), 'country: cell.always("FR"),'];
    const unknown = valuesOf(cellsOf("country")).filter((value) => countryCode(value) === undefined);
    return [
      why("country"),
      ...(unknown.length === 0 ? [] : [decide(told("to_do_countries", { countries: named(unknown) }))]),
      `country: cell.country(${nameOf("country")}, "FR"),`,
    ];
  };

  const rules = (): string[] => {
    const lines = [
      ...(found.has("maxDistance")
        ? [why("maxDistance"), `maxDistance: cell.kilometres(${nameOf("maxDistance")}),`]
        : []),
      ...(found.has("counties")
        ? [why("counties"), jsComment(say("config_empty_rule")), `geographical: cell.counties(${nameOf("counties")}),`]
        : []),
      ...(found.has("ranges")
        ? [why("ranges"), decide(told("to_do_ranges")), `competences: cell.codes(${nameOf("ranges")}),`]
        : []),
    ];
    if (lines.length === 0) return [jsComment(about.rules)];
    return ["rules: {", ...lines.map((line) => `  ${line}`), "},"];
  };
  const unused = (): string[] => {
    const used = new Set(table.columns.map(({ name }) => name));
    const others = names.filter((name) => !used.has(name));
    return others.length === 0 ? [] : [decide(told("to_do_unused", { names: named(others) }))];
  };
  const people = (["lastname", "firstname"] as const).filter((column) => found.has(column)).map(nameOf);

  const fields = [
    ...skip(),
    ...accountNumber(),
    ...civility(),
    ...required("lastname", "lastname", "lacks_last_name"),
    ...optional("firstname", "firstname"),
    ...(found.has("login")
      ? [why("login"), `login: ${nameOf("login")},`]
      : [jsComment(say("config_no_logins")), `login: ${email},`]),
    ...required("email", "email", "lacks_email"),
    ...optional("phone", "phone", "e164"),
    ...optional("mobile", "mobile", "e164"),
    ...optional("company", "company"),
    ...profile(),
    ...parent(),
    "address: {",
    ...[
      ...optional("street", "street"),
      ...required("zipCode", "zipCode", "lacks_postcode", `cell.postcode(${nameOf("zipCode")})`),
      ...required("city", "city", "lacks_town"),
      ...country(),
    ].map((line) => `  ${line}`),
    "},",
    ...rules(),
    ...unused(),
  ];
  const block = (spaces: number, lines: readonly string[]): string =>
    lines.map((line) => `${" ".repeat(spaces)}${line}\n`).join("");
  // A config that names only one of two equal columns is refused.
  const twice = names.filter((name) => / \(\d+\)$/.test(name)).map((name) => name.replace(/ \(\d+\)$/, ""));
  const both = [...new Set(twice)].flatMap((name) => [name, `${name} (2)`]).filter((name) => names.includes(name));
  const options = [
    ...(sheet === undefined ? [] : [`sheet: ${jsLiteral(sheet)},`]),
    ...(isFirstRow ? [] : [jsComment(say("config_titles")), `headerRow: ${headerRow},`]),
    ...(both.length === 0 ? [] : [`columns: [${both.map(jsLiteral).join(", ")}],`]),
  ];
  const text = `// @ts-check
${jsComment(say("config_made"))}
import { cell, columns, defineConfig, env, ${source} } from "oplead-sdk/config";
// import { maxLost } from "oplead-sdk/coverage";

export default defineConfig({
${about.client}
  ${jsComment(say("config_source"))}
${isDeployed ? `  ${jsComment(say("config_max_age"))}\n` : ""}  source: ${source}(${isDeployed ? `{ newest: ${jsLiteral(file)}, maxAgeHours: 48 }` : jsLiteral(file)}${options.length === 0 ? "" : `, {\n${block(4, options)}  }`}),

  ${jsComment(say("config_map"))}
  map: columns({
${block(4, fields)}  }),

${people.length === 0 ? "" : `  ${jsComment(say("config_labels"))}\n  labels: [${people.join(", ")}],\n\n`}${about.safety}
  ${jsComment(say("config_notify"))}
  // notify: [{ webhook: env("OPLEAD_ALERTS"), format: "teams" }],

  ${jsComment(say("config_targets"))}
  targets: {
    test: { client: { testMode: true } },
  },
});
`;
  const lines = text.split("\n").map((line) => line.trim());
  return { text, toDo: decisions.map(({ what, comment }) => ({ what, line: lines.indexOf(comment) + 1 })) };
}
