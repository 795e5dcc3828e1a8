import fc from "fast-check";
import { expect, it } from "vitest";
import { ColumnCell, loadPhones } from "../../src/config/cells.ts";
import { type Cell, cell } from "../../src/config/index.ts";

function read(one: Cell<unknown>, text: string, country: string | undefined = "FR") {
  if (!(one instanceof ColumnCell)) throw new Error("no cell");
  return one.read([text], { country });
}

const value = (one: Cell<unknown>, text: string, country?: string) => read(one, text, country).value;

it("for users in France cell.phone puts a lost zero back, and changes no other number", () => {
  const phone = cell.phone("Portable");
  expect(read(phone, "612345678")).toEqual({ value: "0612345678", repair: "phones_completed" });
  expect(read(phone, "612345678.0")).toEqual({ value: "0612345678", repair: "phones_completed" });
  for (const text of ["06 12 34 56 78", "0612345678", "+33612345678", "33612345678", "061234567", "12345678"]) {
    expect(read(phone, text)).toEqual({ value: text });
  }
  expect(read(phone, "612345678", "BE")).toEqual({ value: "612345678" });
  expect(read(phone, "")).toEqual({});
});

it("cell.e164 gives one form by the country of the address, and keeps a text that is no valid number", async () => {
  await loadPhones();
  const phone = cell.e164("Portable");
  const mobile = { value: "+33612345678", repair: "phones_unified" };
  for (const text of [
    "06 12 34 56 78",
    "06.12.34.56.78",
    "612345678",
    "612345678.0",
    "+33 (0)6 12 34 56 78",
    "0033612345678",
  ]) {
    expect(read(phone, text)).toEqual(mobile);
  }
  expect(read(phone, "+33612345678")).toEqual({ value: "+33612345678" });
  expect(value(phone, "079 123 45 67", "CH")).toBe("+41791234567");
  expect(value(phone, "+32 470 12 34 56")).toBe("+32470123456");
  for (const [text, number] of [
    ["0692 12 34 56", "+262692123456"],
    ["0590123456", "+590590123456"],
  ] as const) {
    expect(value(phone, text)).toBe(number);
  }
  for (const text of ["061234567", "06 12 34 56 78 poste 12", "0612345678 / 0145678901", "3639", "voir accueil"]) {
    expect(read(phone, text)).toEqual({ value: text });
  }
  expect(value(phone, "06 12 34 56 78", "XX")).toBe("06 12 34 56 78");
});

const zip = cell.postcode("CP");

it("for users in France cell.postcode puts a lost zero back and removes spaces and other signs", () => {
  expect(read(zip, "1000")).toEqual({ value: "01000", repair: "postcodes_completed" });
  expect(read(zip, "75 001")).toEqual({ value: "75001", repair: "postcodes_cleaned" });
  expect(read(zip, "F-75001")).toEqual({ value: "75001", repair: "postcodes_cleaned" });
  expect(read(zip, "1000.0")).toEqual({ value: "01000", repair: "postcodes_completed" });
});

const land = cell.country("Pays", "FR");

it("cell.country knows codes and names in English and French, and gives the default for an empty cell", () => {
  const known = { FR: ["fr", "France", "FRANCE", "France métropolitaine", ""], BE: ["Belgique", "Belgium"] };
  for (const [code, texts] of Object.entries(known)) for (const text of texts) expect(value(land, text)).toBe(code);
  expect(value(land, "Côte d'Ivoire")).toBe("CI");
  expect(value(land, "Côte d’Ivoire")).toBe("CI");
  expect(value(land, "UK")).toBe("GB");
  expect(value(cell.country("Pays"), "")).toBeUndefined();
});

it("cell.country does not change a country code, and never gives a value that is not a code", () => {
  const codes = fc.constantFrom("FR", "BE", "CH", "LU", "DE", "ES", "IT", "MC", "GP", "RE", "US");
  fc.assert(
    fc.property(codes, (code) => {
      expect(read(land, code)).toEqual({ value: code, repair: undefined });
    }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      expect(value(land, text) ?? "FR").toMatch(/^[A-Z]{2}$/);
    }),
  );
  for (const text of ["XX", "ZZ", "EU", "Europe", "SU"]) expect(read(land, text).problem?.code).toBe("country_unknown");
});

const km = cell.kilometres("Rayon");

it("cell.kilometres reads numbers with a unit, a decimal comma or a space between thousands", () => {
  const texts = {
    "30": 30,
    "30 km": 30,
    "30km": 30,
    "12,5": 12.5,
    "12.5 KM": 12.5,
    "1 000": 1000,
    "30 kilomètres": 30,
  };
  for (const [text, number] of Object.entries(texts)) expect(value(km, text)).toBe(number);
});

it("cell.kilometres refuses a text that may mean two different numbers, or no number", () => {
  for (const text of ["1.000", "1,000", "30-50", "30 40", "-5", "3e2", "trente", "km"]) {
    expect(read(km, text).problem?.code).toBe("distance_unknown");
  }
});

it("cell.date reads days of the forms 2026-01-31 and 31/01/2026, and refuses any other", () => {
  const day = cell.date("Sortie");
  for (const text of ["2026-01-31", "2026-01-31T08:00", "31/1/2026", "31.01.26"]) {
    expect(value(day, text)).toBe("2026-01-31");
  }
  for (const text of ["31/02/2026", "2026", "janvier"]) expect(read(day, text).problem?.code).toBe("date_unknown");
});

const areas = cell.counties("Secteurs");
const numbers = (text: string) =>
  (
    value(areas, text) as { handledCountries: { handledCounties: { handledCounty: { number: string } }[] }[] }
  )?.handledCountries[0]?.handledCounties.map(({ handledCounty }) => handledCounty.number);

it("cell.counties does not change the number of a department", () => {
  const all = [...Array.from({ length: 95 }, (_, at) => String(at + 1).padStart(2, "0")), "2A", "2B", "971", "976"];
  const right = all.filter((number) => number !== "20");
  for (const number of right) expect(numbers(number)).toEqual([number]);
  fc.assert(
    fc.property(fc.subarray(right, { minLength: 1 }), fc.constantFrom(",", ", ", ";", "/"), (some, sign) => {
      expect(numbers(some.join(sign))).toEqual(some);
    }),
  );
});

it("cell.counties puts a lost zero back, and refuses a text that is not the number of a department", () => {
  expect(numbers("1, 2a ;29")).toEqual(["01", "2A", "29"]);
  for (const text of ["20", "96", "29.56", "Finistère", "00"]) {
    expect(read(areas, text).problem?.code).toBe("county_unknown");
  }
});

it("each text in the table of cell.values has its own value, whatever other texts the table has", () => {
  const tables = fc.uniqueArray(
    fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== ""),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(tables, (texts) => {
      const table = Object.fromEntries(texts.map((text, at) => [`CODE_${at}`, text]));
      const one = cell.values("Fonction", table);
      for (const [at, text] of texts.entries()) expect(value(one, text)).toBe(`CODE_${at}`);
    }),
  );
});

it("the empty text in the table of cell.values gives a value to empty cells", () => {
  expect(value(cell.values("Fonction", { A: ["Vendeur", ""] }), "")).toBe("A");
  expect(read(cell.values("Fonction", { A: "Vendeur" }), "")).toEqual({});
});

it("cell.codes reads several codes, texts with a comma of its table, and any code without a table", () => {
  const ranges = cell.codes("Gammes", { NEW: ["Neuf, VN"], USED: "VO" });
  expect(value(ranges, "Neuf, VN")).toEqual(["NEW"]);
  expect(value(ranges, "VO | vo")).toEqual(["USED"]);
  expect(value(cell.codes("Gammes"), "RNG_A; RNG_B")).toEqual(["RNG_A", "RNG_B"]);
});

it("cell.prefix adds a prefix only to a text that lacks it, and not to an empty cell", () => {
  expect(value(cell.prefix("HR-", "Matricule"), "12")).toBe("HR-12");
  expect(value(cell.prefix("HR-", "Matricule"), "HR-12")).toBe("HR-12");
  expect(value(cell.prefix("HR-", "Matricule"), "")).toBeUndefined();
  expect(value(cell.always("FR"), "")).toBe("FR");
});

it("a helper refuses an argument that is not a column or a table as soon as the config is loaded", () => {
  const wrong: (() => unknown)[] = [
    () => cell.postcode(""),
    () => cell.country("Pays", "France"),
    () => cell.prefix("", "Matricule"),
    () => cell.values("Fonction", { A: 7 as never }),
    () => cell.values("Fonction", undefined as never),
    () => cell.always({} as never),
    () => (cell.notPerson as (column: string) => unknown)("Nom"),
  ];
  for (const make of wrong) expect(make).toThrow(expect.objectContaining({ code: "invalid_options" }));
});
