import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ColumnCell } from "../../src/config/cells.ts";
import { type Cell, cell } from "../../src/config/index.ts";

/** Reads a text by a helper, in a row of a country. */
function read(one: Cell<unknown>, text: string, country: string | undefined = "FR") {
  if (!(one instanceof ColumnCell)) throw new Error("no cell");
  return one.read([text], { country });
}

const value = (one: Cell<unknown>, text: string, country?: string) => read(one, text, country).value;

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

describe("cell.postcode", () => {
  const zip = cell.postcode("CP");

  it("puts a lost zero back and leaves signs out, for users in France", () => {
    expect(read(zip, "1000")).toEqual({ value: "01000", repair: "postcodes_completed" });
    expect(read(zip, "75 001")).toEqual({ value: "75001", repair: "postcodes_cleaned" });
    expect(read(zip, "F-75001")).toEqual({ value: "75001", repair: "postcodes_cleaned" });
    expect(read(zip, "1000.0")).toEqual({ value: "01000", repair: "postcodes_completed" });
  });

  it("never changes a postcode of five digits, nor any text of another country", () => {
    fc.assert(
      fc.property(digits(5), (text) => {
        expect(read(zip, text)).toEqual({ value: text });
      }),
    );
    const other = fc.constantFrom("BE", "CH", "LU", undefined);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), other, (text, country) => {
        if (!(zip instanceof ColumnCell)) throw new Error("no cell");
        expect(zip.read([text], { country })).toEqual({ value: text });
      }),
    );
  });

  it("whatever it repairs has five digits, those of the cell in their order", () => {
    const text = fc.oneof(digits(4), fc.stringMatching(/^(?:F-|FR-)?\d{2} ?\d{2,3}(?:\.0)?$/), fc.string());
    fc.assert(
      fc.property(text, (given) => {
        const { value: made, repair } = read(zip, given);
        if (repair === undefined) expect(made ?? "").toBe(given);
        else {
          expect(made).toMatch(/^\d{5}$/);
          const bare = given.replace(/[.,]0+$/, "").replace(/\D/g, "");
          expect(made).toBe(repair === "postcodes_completed" ? `0${bare}` : bare);
        }
      }),
    );
  });

  it("leaves what is doubtful as it is, for the checks of the plan", () => {
    for (const text of ["100", "0100", "750012", "2A004", "75001 CEDEX 08", "?"]) {
      expect(read(zip, text)).toEqual({ value: text });
    }
  });
});

describe("cell.country", () => {
  const land = cell.country("Pays", "FR");

  it("knows codes and names in English and French, and gives the default for an empty cell", () => {
    const known = { FR: ["fr", "France", "FRANCE", "France métropolitaine", ""], BE: ["Belgique", "Belgium"] };
    for (const [code, texts] of Object.entries(known)) for (const text of texts) expect(value(land, text)).toBe(code);
    expect(value(land, "Côte d'Ivoire")).toBe("CI");
    expect(value(land, "Côte d’Ivoire")).toBe("CI");
    expect(value(land, "UK")).toBe("GB");
    expect(value(cell.country("Pays"), "")).toBeUndefined();
  });

  it("never changes a code, and never gives what is no code", () => {
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
    for (const text of ["XX", "ZZ", "EU", "Europe", "SU"])
      expect(read(land, text).problem?.code).toBe("country_unknown");
  });
});

describe("cell.kilometres", () => {
  const km = cell.kilometres("Rayon");

  it("reads numbers with a unit, a comma or a space between thousands", () => {
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

  it("never changes a number that is written as one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 99 }), (whole, part) => {
        const number = Number(`${whole}.${part}`);
        expect(read(km, String(number))).toEqual({ value: number, repair: undefined });
        expect(value(km, `${String(number).replace(".", ",")} km`)).toBe(number);
      }),
    );
  });

  it("refuses what could be two numbers", () => {
    for (const text of ["1.000", "1,000", "30-50", "30 40", "-5", "3e2", "trente", "km"]) {
      expect(read(km, text).problem?.code).toBe("distance_unknown");
    }
  });
});

describe("cell.counties", () => {
  const areas = cell.counties("Secteurs");
  const numbers = (text: string) =>
    (
      value(areas, text) as { handledCountries: { handledCounties: { handledCounty: { number: string } }[] }[] }
    )?.handledCountries[0]?.handledCounties.map(({ handledCounty }) => handledCounty.number);

  it("never changes the number of a department", () => {
    const all = [...Array.from({ length: 95 }, (_, at) => String(at + 1).padStart(2, "0")), "2A", "2B", "971", "976"];
    const right = all.filter((number) => number !== "20");
    for (const number of right) expect(numbers(number)).toEqual([number]);
    fc.assert(
      fc.property(fc.subarray(right, { minLength: 1 }), fc.constantFrom(",", ", ", ";", "/"), (some, sign) => {
        expect(numbers(some.join(sign))).toEqual(some);
      }),
    );
  });

  it("puts a lost zero back, and refuses what is no department", () => {
    expect(numbers("1, 2a ;29")).toEqual(["01", "2A", "29"]);
    for (const text of ["20", "96", "29.56", "Finistère", "00"]) {
      expect(read(areas, text).problem?.code).toBe("county_unknown");
    }
  });
});

describe("cell.values and cell.codes", () => {
  it("a text of the table has its own value, whatever other texts there are", () => {
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

  it("the text of an empty cell may stand for a value", () => {
    expect(value(cell.values("Fonction", { A: ["Vendeur", ""] }), "")).toBe("A");
    expect(read(cell.values("Fonction", { A: "Vendeur" }), "")).toEqual({});
  });

  it("codes takes several, a text of the table with a comma in it, and without a table what is written", () => {
    const ranges = cell.codes("Gammes", { NEW: ["Neuf, VN"], USED: "VO" });
    expect(value(ranges, "Neuf, VN")).toEqual(["NEW"]);
    expect(value(ranges, "VO | vo")).toEqual(["USED"]);
    expect(value(cell.codes("Gammes"), "RNG_A; RNG_B")).toEqual(["RNG_A", "RNG_B"]);
  });
});

describe("cell.prefix and cell.always", () => {
  it("a prefix is put before a text once, and not before nothing", () => {
    expect(value(cell.prefix("HR-", "Matricule"), "12")).toBe("HR-12");
    expect(value(cell.prefix("HR-", "Matricule"), "HR-12")).toBe("HR-12");
    expect(value(cell.prefix("HR-", "Matricule"), "")).toBeUndefined();
    expect(value(cell.always("FR"), "")).toBe("FR");
  });
});

it("a helper refuses what is no column or table when the config is loaded", () => {
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
