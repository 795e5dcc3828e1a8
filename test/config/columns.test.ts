import { expect, it } from "vitest";
import { type Columns, cell, columns } from "../../src/config/index.ts";
import { withRowNumber } from "../../src/config/sources/source.ts";
import { isOpleadError } from "../../src/core/errors.ts";
import { mappingOf } from "../../src/sync/plan/mapping.ts";

const FIELDS: Columns = {
  accountNumber: cell.prefix("HR-", "Matricule"),
  civility: cell.values("Civilité", { "M.": ["M", "Monsieur"], Mme: ["Madame", "Mlle"] }),
  lastname: "Nom",
  firstname: "Prénom",
  login: "Courriel",
  email: "Courriel",
  profile: cell.values("Fonction", { PRF_SELLER: ["Vendeur", "Chef d'équipe"], PRF_HEAD: "Directeur" }),
  parentUserIdentifier: cell.prefix("HR-", "N+1"),
  address: {
    street: "Adresse",
    zipCode: cell.postcode("CP"),
    city: "Ville",
    country: cell.country("Pays", "FR"),
  },
  rules: {
    maxDistance: cell.kilometres("Rayon"),
    geographical: cell.counties("Secteurs"),
    competences: cell.codes("Gammes", { RNG_NEW: ["Neuf", "VN"], RNG_USED: "Occasion" }),
  },
  skip: [
    cell.notPerson("Matricule", "Nom", "Courriel"),
    cell.values("Statut", { skip: ["Sorti", "Suspendu"], keep: ["Actif", ""] }),
  ],
};

const ROW = {
  Matricule: "1001",
  Civilité: "Monsieur",
  Nom: "N’Diaye",
  Prénom: "Paul",
  Courriel: "p@dealers.example",
  Fonction: "Vendeur",
  "N+1": "1000",
  Adresse: "1 rue de l’Hôtel",
  CP: "1000",
  Ville: "Bourg-en-Bresse",
  Pays: "France métropolitaine",
  Rayon: "30 km",
  Secteurs: "1, 38; 2a",
  Gammes: "vn / Occasion",
  Statut: "",
};

type Row = Partial<typeof ROW>;

const map = columns(FIELDS);
const mapped = (row: Row = {}) => map({ ...ROW, ...row });

function problems(row: Row) {
  try {
    mapped(row);
    return [];
  } catch (error) {
    return (isOpleadError(error) && error.issues) || [];
  }
}

function refused(change: object) {
  try {
    columns({ ...FIELDS, ...change });
    return [];
  } catch (error) {
    return ((isOpleadError(error) && error.issues) || []).map(
      ({ path, code, message }) => `${path} ${code}: ${message}`,
    );
  }
}

it("columns() makes a user with repaired values and with rules from the texts of a row", () => {
  expect(mapped()).toEqual({
    user: {
      accountNumber: "HR-1001",
      civility: "M.",
      lastname: "N’Diaye",
      firstname: "Paul",
      login: "p@dealers.example",
      email: "p@dealers.example",
      profile: { code: "PRF_SELLER" },
      parentUserIdentifier: "HR-1000",
      address: {
        street: "1 rue de l’Hôtel",
        zipCode: "01000",
        city: "Bourg-en-Bresse",
        country: { code: "FR" },
      },
    },
    rules: {
      maxDistance: 30,
      geographical: {
        handledCountries: [
          {
            handledCountry: { code: "FR" },
            handledCounties: ["01", "38", "2A"].map((number) => ({ handledCounty: { number } })),
          },
        ],
      },
      competences: [{ range: { code: "RNG_NEW" } }, { range: { code: "RNG_USED" } }],
    },
  });
});

it("columns() takes names that differ in case or accents, and numbers of a JSON record", () => {
  const { Matricule: _, Prénom, CP: __, ...others } = ROW;
  const record = { ...others, matricule: 1001, PRENOM: Prénom, CP: 1000, Rayon: { km: 30 } };
  expect(map(record as never)).toMatchObject({
    user: { accountNumber: "HR-1001", firstname: "Paul", address: { zipCode: "01000" } },
    rules: expect.not.objectContaining({ maxDistance: expect.anything() }),
  });
  expect([record, {}].map((one) => mappingOf(map)?.key?.(one))).toEqual(["HR-1001", undefined]);
});

it("columns() leaves out fields and rules of empty cells, except texts that Oplead requires", () => {
  const empty = { Prénom: "", "N+1": "", Adresse: "", Rayon: "", Secteurs: "", Gammes: "", Ville: "", Pays: "" };
  expect(mapped(empty)).toEqual({
    user: {
      accountNumber: "HR-1001",
      civility: "M.",
      lastname: "N’Diaye",
      login: "p@dealers.example",
      email: "p@dealers.example",
      profile: { code: "PRF_SELLER" },
      address: { zipCode: "01000", city: "", country: { code: "FR" } },
    },
    rules: {},
  });
});

it("a cell may differ from the table's text in case, accents and apostrophe, or hold the code itself", () => {
  for (const Fonction of ["Chef d’équipe", "chef d'equipe", "CHEF  D'ÉQUIPE.", "PRF_SELLER"]) {
    expect(mapped({ Fonction })?.user.profile).toEqual({ code: "PRF_SELLER" });
  }
  const exact = columns({ ...FIELDS, profile: cell.values("Fonction", { A: "Chef", B: "chef" }) });
  expect(exact({ ...ROW, Fonction: "Chef" })?.user.profile.code).toBe("A");
  expect(exact({ ...ROW, Fonction: "chef" })?.user.profile.code).toBe("B");
  expect(() => exact({ ...ROW, Fonction: "CHEF" })).toThrow("CHEF");
});

it("an unknown value makes the row invalid, and its issue names the field and what to add", () => {
  const found = problems({
    Civilité: "Docteur",
    Pays: "Frnace",
    Rayon: "1.000",
    Secteurs: "29.56",
    Gammes: "VN, VO",
  });
  expect(found.map(({ path, code, message }) => `${path} ${code}: ${message}`)).toEqual([
    'address.country.code country_unknown: has "Frnace", which is no country: write its name or its code of two letters',
    'civility value_unknown: has "Docteur", which is not in its list in the config',
    'rules.maxDistance distance_unknown: has "1.000", which is no distance: write kilometres, for example 30',
    'rules.geographical county_unknown: has "29.56", which is no number of a department: write for example 29, or 01, 2A',
    'rules.competences value_unknown: has "VO", which is not in its list in the config',
  ]);
});

it("the message about an unknown value quotes no e-mail address and no phone number", () => {
  expect(problems({ Civilité: "anne@dealers.example" })[0]?.message).toContain('has "[…]"');
  expect(problems({ Civilité: "0612345678" })[0]?.message).toContain('has "[…]"');
});

it("columns() leaves out rows of `skip` and rows that are no people, and reports a value of neither list", () => {
  expect(mapped({ Statut: "sorti" })).toBeNull();
  expect(mapped({ Matricule: "TOTAL", Nom: "1 500", Courriel: "" })).toBeNull();
  expect(mapped({ Matricule: "12", Nom: "", Courriel: "" })).toBeNull();
  expect(problems({ Statut: "Muté" }).map(({ path, code }) => `${path} ${code}`)).toEqual(["skip value_unknown"]);
  const tolerant = columns({ ...FIELDS, skip: cell.values("Statut", { skip: "Sorti" }) });
  expect(tolerant({ ...ROW, Statut: "Muté" })?.user.lastname).toBe("N’Diaye");
  expect(columns({ ...FIELDS, skip: (row) => row.Statut === "X" })({ ...ROW, Statut: "X" })).toBeNull();
});

it("a field may be made by a function, and custom fields and the version may come from columns", () => {
  const made = columns({
    ...FIELDS,
    lastname: (row) => row.Nom?.toUpperCase(),
    custom: { region: "Ville" },
    version: "Rayon",
  })(ROW);
  expect(made?.user).toMatchObject({ lastname: "N’DIAYE", custom: { region: "Bourg-en-Bresse" } });
  expect(made?.version).toBe("30 km");
});

it("columns() refuses misspelt, missing and wrong fields as soon as it is called", () => {
  expect(refused({ civilty: "Civilité", email: undefined, phone: 7, address: { zipcode: "CP" } })).toEqual([
    "address.zipcode unknown_mapping_field: is not a field: is zipCode meant?",
    "civilty unknown_mapping_field: is not a field: is civility meant?",
    expect.stringMatching(/^phone not_field: must be the name of a column/),
    "email required: is required",
    "address.zipCode required: is required",
    "address.city required: is required",
    "address.country required: is required",
  ]);
  expect(refused({ skip: "Statut" })).toEqual([expect.stringMatching(/^skip not_skip: /)]);
});

it("columns() refuses a column's text as a rule: only a helper or a function makes a rule of it", () => {
  const rules = { maxDistance: "Rayon", geographical: "Zone" } as never;
  expect(refused({ ...FIELDS, rules })).toEqual([
    expect.stringMatching(/^rules\.maxDistance not_rule_helper: must be a helper/),
    expect.stringMatching(/^rules\.geographical not_rule_helper: /),
  ]);
});

it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
  "columns() refuses %s as a field, although every object has one of this name",
  (name) => {
    const fields = Object.fromEntries([...Object.entries(FIELDS), [name, "Nom"]]);
    expect(refused(fields as never)).toEqual([expect.stringMatching(`^${name} unknown_mapping_field: `)]);
  },
);

it("a text that stands for two values is refused", () => {
  expect(() => cell.values("Fonction", { A: ["Vendeur"], B: "Vendeur" })).toThrow(
    '"Vendeur" stands for "A" and for "B": take one away',
  );
});

const reading = () => mappingOf(map)?.open();
const table = (row: object, number: number) => withRowNumber({ ...row }, number);

it("a reading warns of repaired cells and left-out rows, for each column with the first rows", async () => {
  const opened = await reading();
  for (let row = 2; row < 10; row += 1) opened?.map(table({ ...ROW, Pays: "FR", Secteurs: "", Rayon: "" }, row));
  opened?.map(table({ ...ROW, Statut: "Sorti" }, 10));
  expect(opened?.warnings().map(({ message }) => message)).toEqual([
    '1 row was left out by `skip`, column "Statut", row 10.',
    'Column "CP": 8 postcodes completed with a lost zero, rows 2, 3, 4, 5, 6 and 3 more.',
  ]);
});

it("a reading groups unknown values, the most frequent first, with their rows", async () => {
  const opened = await reading();
  for (const [at, Civilité] of ["Docteur", "Maître", "Docteur"].entries()) {
    expect(() => opened?.map(table({ ...ROW, Civilité, Statut: "Actif" }, at + 2))).toThrow(Civilité);
  }
  expect(() => opened?.map(table({ ...ROW, Statut: "Muté" }, 9))).toThrow("Muté");
  const told = opened?.warnings().filter(({ code }) => code === "value_not_in_config");
  expect(told?.map(({ message }) => message)).toEqual([
    'Column "Civilité": "Docteur" 2 times, rows 2, 4: not in the config.',
    'Column "Civilité": "Maître" 1 time, row 3: not in the config.',
    'Column "Statut": "Muté" 1 time, row 9: not in the config.',
  ]);
});

it("a table that lacks a column is refused with the most similar one; a JSON record may lack fields", async () => {
  const { CP, ...others } = ROW;
  const opened = await reading();
  expect(() => opened?.begin(table({ ...others, "C.P": CP }, 2))).toThrow('the header lacks "CP" (there is "C.P")');
  expect(() => opened?.begin(others)).not.toThrow();
});

it("a reading explains each field with column and example, without names, and lists unused columns", async () => {
  const opened = await reading();
  const first = table({ ...ROW, Prime: "12" }, 2);
  opened?.begin(first);
  opened?.map(first);
  const { fields = [], unused } = opened?.explain() ?? {};
  expect(unused).toEqual(["Prime"]);
  expect(fields).toContainEqual({
    field: "address.zipCode",
    column: "CP",
    by: "postcode",
    example: { from: "1000", to: "01000" },
  });
  expect(fields).toContainEqual({ field: "lastname", column: "Nom", by: "column", example: undefined });
  expect(JSON.stringify(fields)).not.toMatch(/Diaye|dealers/);
});

it("a source's warning about a column is left out if the mapping repairs or explains its values", () => {
  const about = (code: string, path: string) => mappingOf(map)?.answers({ code, path } as never);
  expect(about("zip_codes_lost_zero", "CP")).toBe(true);
  expect(about("zip_codes_lost_zero", "CP 2")).toBe(false);
  expect(about("state_of_leaver", "Statut")).toBe(true);
  expect(about("error_cells", "CP")).toBe(false);
});
