import { test } from "vitest";
import { type Columns, cell, columns, csvSource, defineConfig, jsonSource } from "../../src/config/index.ts";

const FIELDS: Columns = {
  accountNumber: "Matricule",
  civility: cell.always("M."),
  lastname: "Nom",
  login: "Courriel",
  email: "Courriel",
  profile: cell.values("Fonction", { PRF_SELLER: "Vendeur" }),
  address: { zipCode: cell.postcode("CP"), city: "Ville", country: cell.country("Pays") },
};

test("columns() fits a config with any table, and misspelt or wrong fields do not compile", () => {
  defineConfig({ source: csvSource("rh.csv", { columns: ["Nom"] }), map: columns(FIELDS) });
  interface Person {
    readonly name: string;
  }
  defineConfig({ source: jsonSource<Person>("rh.json"), map: columns(FIELDS) });
  columns({ ...FIELDS, lastname: (row) => row.Nom?.toUpperCase() });
  columns({ ...FIELDS, rules: { maxDistance: cell.kilometres("Rayon"), contactProfiles: cell.codes("Clients") } });
  columns({ ...FIELDS, skip: [cell.notPerson("Matricule", "Nom"), cell.values("Statut", { skip: ["Sorti"] })] });
  // @ts-expect-error a misspelt field
  columns({ ...FIELDS, civilty: "Civilité" });
  // @ts-expect-error a misspelt field of the address
  columns({ ...FIELDS, address: { ...FIELDS.address, zipcode: "CP" } });
  // @ts-expect-error a distance is no text
  columns({ ...FIELDS, rules: { maxDistance: cell.postcode("CP") } });
  // @ts-expect-error the name of a column is no distance
  columns({ ...FIELDS, rules: { maxDistance: "Rayon" } });
  // @ts-expect-error a value that is neither skip nor keep
  columns({ ...FIELDS, skip: cell.values("Statut", { gone: ["Sorti"] }) });
});
