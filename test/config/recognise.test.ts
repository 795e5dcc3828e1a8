import { join } from "node:path";
import { expect, it } from "vitest";
import { type RecognisedTable, recogniseTable } from "../../src/config/recognise.ts";
import { folderWith } from "../support/folder.ts";
import { staffXlsx } from "../support/staff-xlsx.ts";
import { textRow, workbookOf } from "../support/workbook.ts";

async function recognised(content: string | Uint8Array, name = "rh.csv", options = {}) {
  return recogniseTable(join(await folderWith({ [name]: content }), name), options);
}

const found = ({ columns }: RecognisedTable) =>
  Object.fromEntries(columns.map(({ column, name, by }) => [column, by === "name" ? name : `${name} by ${by}`]));

it("recogniseTable finds header, columns of people and the row of totals in a messy workbook", async () => {
  const table = await recognised(await staffXlsx(30), "rh.xlsx");
  expect(table).toMatchObject({ source: "excelSource", headerRow: 3, isFirstRow: false, people: 30 });
  expect(table.otherRows).toEqual([35]);
  expect(found(table)).toEqual({
    accountNumber: "Matricule",
    civility: "Civilité",
    lastname: "Nom d’usage",
    firstname: "Prénom",
    email: "Courriel",
    profile: "Fonction",
    parent: "Matricule N+1",
    street: "Adresse",
    zipCode: "Code postal",
    city: "Ville",
    country: "Pays",
    maxDistance: "Rayon km",
    status: "Statut",
  });
});

it("recogniseTable takes no row of totals for a person, even with a number among the names", async () => {
  const table = await recognised("Matricule;Nom;E-mail\n1001;Petit;p@d.example\n1002;Roux;\nTotal;1 500;\n");
  expect(table).toMatchObject({ people: 2, otherRows: [4] });
});

it("recogniseTable knows English column names; if two columns fit a field, it takes the more certain one", async () => {
  const csv =
    "ID,Employee ID,Last name,First name,Work email,Post code,Town,Job title,Manager ID\n1,E1,Petit,Paul,p@d.example,01000,Brest,Seller,E2\n";
  expect(found(await recognised(csv))).toEqual({
    accountNumber: "Employee ID",
    lastname: "Last name",
    firstname: "First name",
    email: "Work email",
    zipCode: "Post code",
    city: "Town",
    profile: "Job title",
    parent: "Manager ID",
  });
});

it("recogniseTable understands short names and remarks in brackets, and prefers a plain name", async () => {
  const csv =
    "N° Mat.;Nom;Prénom;E-mail;Mat. responsable;Rayon d'action (km);Adr.;Code postal (CP)\n" +
    "1001;Petit;Paul;p@d.example;1002;30;1 rue A;01000\n";
  expect(found(await recognised(csv))).toEqual({
    accountNumber: "N° Mat.",
    lastname: "Nom",
    firstname: "Prénom",
    email: "E-mail",
    parent: "Mat. responsable",
    maxDistance: "Rayon d'action (km)",
    street: "Adr.",
    zipCode: "Code postal (CP)",
  });
  const both = await recognised("Nom (manager);Nom (usage);Ville (site);Commune\nRoux;Petit;Brest;Lyon\n");
  expect(found(both)).toEqual({ lastname: "Nom (usage)", city: "Commune" });
});

it("recogniseTable knows the columns of rules, dates and states in a French export, and its total row", async () => {
  const table = await recognised(
    "Matricule;Identifiant;Nom;E-mail;Départements;Gammes;Fin de contrat;Statut\n" +
      "E1;ppetit;Petit;p@d.example;29, 35;VU;31/12/2026;Actif\nTOTAL;1;;;;;;\n",
  );
  expect(found(table)).toEqual({
    accountNumber: "Matricule",
    login: "Identifiant",
    lastname: "Nom",
    email: "E-mail",
    counties: "Départements",
    ranges: "Gammes",
    endDate: "Fin de contrat",
    status: "Statut",
  });
  expect(table).toMatchObject({ people: 1, otherRows: [3] });
  expect(found(await recognised("Identifiant;Nom;Date de sortie;État\nE1;Petit;;Présent\n"))).toEqual({
    accountNumber: "Identifiant",
    lastname: "Nom",
    endDate: "Date de sortie",
    status: "État",
  });
});

it.each(["Login Oplead", "Identifiants de connexion", "Nom d’utilisateur", "User name (Oplead)"])(
  "recogniseTable takes the column %s for logins, and Dernier login for none",
  async (name) => {
    const table = await recognised(`Matricule;Dernier login;${name};Nom\nE1;02/03/2026;pp;Petit\n`);
    expect(found(table)).toEqual({ accountNumber: "Matricule", lastname: "Nom", login: name });
  },
);

it("recogniseTable counts a row as a person if only its first name and its last name are filled", async () => {
  const table = await recognised("Nom;Prénom;E-mail;Ville\nPetit;Paul;;Brest\nRoux;Zoé;z@d.example;Lyon\nTotal;2;;\n");
  expect(table).toMatchObject({ people: 2, otherRows: [4] });
});

it("recogniseTable recognises a column by its cells if its name says nothing", async () => {
  const rows = [
    "E1;p@d.example;M.;0612345678;01 23 45 67 89;75001;",
    "E2;r@d.example;Mme;+33 7 12 34 56 78;0123456789;29200;E1",
  ];
  const table = await recognised(["Matricule;A;B;C;D;E;F", ...rows].join("\n"));
  expect(found(table)).toEqual({
    accountNumber: "Matricule",
    email: "A by content",
    civility: "B by content",
    mobile: "C by content",
    phone: "D by content",
    zipCode: "E by content",
    parent: "F by content",
  });
});

it("recogniseTable does not recognise a column Titre with jobs as the form of address", async () => {
  expect(found(await recognised("Nom;Titre\nPetit;Directeur\n"))).toEqual({ lastname: "Nom" });
  expect(found(await recognised("Nom;Titre\nPetit;Mme\n"))).toEqual({ lastname: "Nom", civility: "Titre" });
});

it("recogniseTable reads the named sheet, and refuses HTML, an empty file and a missing one", async () => {
  const book = workbookOf({ sheets: { A: textRow(1, "x"), B: textRow(1, "Nom") + textRow(2, "Petit") } });
  expect(found(await recognised(book, "rh.xlsx", { sheet: "B" }))).toEqual({ lastname: "Nom" });
  await expect(recognised("<html><table></table></html>", "rh.xls")).rejects.toMatchObject({
    code: "source_failed",
    issues: [{ code: "markup_as_table" }],
  });
  await expect(recognised("\n\n")).rejects.toMatchObject({ code: "source_failed" });
  await expect(recogniseTable("/nowhere/rh.csv")).rejects.toMatchObject({ code: "source_failed" });
  await expect(recogniseTable(7 as never)).rejects.toMatchObject({ code: "invalid_options" });
});
