import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { issueAt } from "../core/issues.ts";
import { options as fields, optionsCheck, text } from "../core/validate.ts";
import { tellConfig } from "../locales/en/config.ts";
import { isTotal } from "./cells.ts";
import { readCells } from "./sources/csv.ts";
import { type ExcelOptions, excelRows } from "./sources/excel.ts";
import { refuseOtherKinds } from "./sources/file.ts";
import { checkPath, fileFailed, sourceRefused } from "./sources/source.ts";
import { MOST_STATES, numbered, type Rows, saysGone } from "./sources/table.ts";

export type UserColumn =
  | "accountNumber"
  | "civility"
  | "lastname"
  | "firstname"
  | "email"
  | "login"
  | "phone"
  | "mobile"
  | "company"
  | "street"
  | "zipCode"
  | "city"
  | "country"
  | "profile"
  | "parent"
  | "maxDistance"
  | "counties"
  | "ranges"
  | "endDate"
  | "status";

export interface RecognisedColumn {
  readonly column: UserColumn;
  // Written as in the header and in the rows of `csvSource` and `excelSource`.
  readonly name: string;
  readonly by: "name" | "content";
  // Trimmed cells of the rows of people: personal data.
  readonly cells: readonly string[];
}

export interface RecognisedTable {
  readonly source: "csvSource" | "excelSource";
  // As a spreadsheet counts. `isFirstRow`: no text above it.
  readonly headerRow: number;
  readonly isFirstRow: boolean;
  // From left to right. A repeated name gets `(2)`.
  readonly names: readonly string[];
  readonly columns: readonly RecognisedColumn[];
  readonly people: number;
  readonly otherRows: readonly number[];
}

const checkOptions = optionsCheck<Pick<ExcelOptions, "sheet">>("recogniseTable", () => fields({ sheet: text() }));

const [HEADER_ROWS, MOST_ROWS] = [40, 20_000];

// A row with two of these is a person, not a total.
export const OF_A_PERSON = ["accountNumber", "email", "lastname", "firstname"] as const satisfies readonly UserColumn[];

const isOfAPerson = (column: UserColumn): boolean => OF_A_PERSON.some((one) => one === column);

const NO_NAME = /^[\d\s.,]*$/;

export async function recogniseTable(
  path: string,
  options: Pick<ExcelOptions, "sheet"> = {},
): Promise<RecognisedTable> {
  checkPath("recogniseTable", "path", path);
  checkOptions(options);
  const title = basename(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileFailed(title, error);
  });
  const source = bytes.subarray(0, 2).toString("latin1") === "PK" ? "excelSource" : "csvSource";
  if (source === "csvSource") refuseOtherKinds(bytes, title, source);
  const nothing = { warn: () => {}, suspect: () => {} };
  const notes = { hiddenRows: [], merged: [] };
  const rows = await firstRows(
    source === "excelSource" ? excelRows(bytes, title, options, nothing, notes) : readCells(bytes, title, {}),
  );
  const first = rows.findIndex(isFilled);
  if (first < 0) throw sourceRefused(title, issueAt("", tellConfig("file_empty")));
  const header = headerAmong(rows, first);
  const names = numbered(rows[header] ?? []);
  const below = rows.flatMap((cells, at) => (at > header && isFilled(cells) ? [{ row: at + 1, cells }] : []));
  const found = columnsOf(
    names,
    below.map(({ cells }) => cells),
  );
  const personal = found.filter(({ column }) => isOfAPerson(column));
  const isPerson = (cells: readonly string[]): boolean => {
    if (personal.some(({ at }) => isTotal(cells[at] ?? ""))) return false;
    const filled = personal.filter(({ column, at }) => {
      return !(column === "lastname" || column === "firstname" ? NO_NAME : /^$/).test(cells[at] ?? "");
    });
    return filled.length >= Math.min(2, personal.length);
  };
  const people = below.filter(({ cells }) => isPerson(cells));
  return {
    source,
    headerRow: header + 1,
    isFirstRow: header === first,
    names: names.filter((name) => name !== ""),
    columns: found.map(({ at, ...column }) => ({ ...column, cells: people.map(({ cells }) => cells[at] ?? "") })),
    people: people.length,
    otherRows: below.filter(({ cells }) => !isPerson(cells)).map(({ row }) => row),
  };
}

const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell !== "");

async function firstRows(table: AsyncIterable<Rows>): Promise<string[][]> {
  const all: string[][] = [];
  for await (const rows of table) {
    for (const cells of rows) all.push(cells.map((cell) => cell.trim()));
    if (all.length > MOST_ROWS) break;
  }
  return all;
}

function headerAmong(rows: readonly (readonly string[])[], first: number): number {
  const weight = (cells: readonly string[]): number => {
    const known = new Set(cells.flatMap((cell) => byName(cell)?.column ?? [])).size;
    return known * 1000 + cells.filter((cell) => cell !== "").length;
  };
  let best = first;
  for (let at = first; at < Math.min(rows.length, first + HEADER_ROWS); at += 1) {
    if (weight(rows[at] ?? []) > weight(rows[best] ?? [])) best = at;
  }
  return best;
}

type Found = Omit<RecognisedColumn, "cells"> & { readonly at: number };

function columnsOf(names: readonly string[], rows: readonly (readonly string[])[]): Found[] {
  const found = new Map<UserColumn, Found & { readonly rank: number }>();
  const cellsOf = (at: number): string[] => rows.map((cells) => cells[at] ?? "");
  for (const [at, name] of names.entries()) {
    const known = byName(name);
    if (!known || (found.get(known.column)?.rank ?? 99) <= known.rank) continue;
    // "Titre" may be the form of address or the job.
    if (known.column === "civility" && known.rank > 2 && byContent(cellsOf(at)) !== "civility") continue;
    found.set(known.column, { column: known.column, name, by: "name", at, rank: known.rank });
  }
  const isTaken = (at: number): boolean => [...found.values()].some((one) => one.at === at);
  // "Identifiant" beside a number of employees is a login.
  const second = names.findIndex((name, at) => !isTaken(at) && LOGIN.test(name.trim()));
  if (second >= 0 && !found.has("login")) {
    const name = names[second] ?? "";
    found.set("login", { column: "login", name, by: "name", at: second, rank: LESS_CERTAIN });
  }
  for (const [at, name] of names.entries()) {
    const column = name === "" || isTaken(at) ? undefined : byContent(cellsOf(at));
    if (column && !found.has(column)) found.set(column, { column, name, by: "content", at, rank: 99 });
  }
  for (const [at, name] of names.entries()) {
    if (found.has("status") || name === "" || isTaken(at)) continue;
    if (holdsStates(cellsOf(at))) found.set("status", { column: "status", name, by: "content", at, rank: 99 });
  }
  const account = found.get("accountNumber");
  const accounts = new Set(account ? cellsOf(account.at).filter((cell) => cell !== "") : []);
  for (const [at, name] of names.entries()) {
    if (found.has("parent") || name === "" || isTaken(at)) continue;
    if (pointsInto(cellsOf(at), accounts)) found.set("parent", { column: "parent", name, by: "content", at, rank: 99 });
  }
  return [...found.values()].map(({ rank: _, ...one }) => one);
}

function byName(name: string): { readonly column: UserColumn; readonly rank: number } | undefined {
  const plain = name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "");
  const known = RANKS.get(lettersOf(plain));
  if (known) return known;
  // A name that is known only without its brackets is less certain.
  const [, aside = ""] = /\(([^)]*)\)/.exec(plain) ?? [];
  if (ABOUT_ANOTHER.test(aside)) return undefined;
  const short = plain.replace(/\([^)]*\)/g, " ");
  const words = short.split(/[^a-z0-9]+/).map((word) => ABBREVIATIONS[word] ?? word);
  const found = RANKS.get(lettersOf(short)) ?? RANKS.get(words.join(""));
  return found && { column: found.column, rank: found.rank + LESS_CERTAIN };
}

const lettersOf = (text: string): string => text.replace(/[^a-z0-9]/g, "");

// More than the names of any field, less than a column recognised by its cells.
const LESS_CERTAIN = 40;

// `Login Oplead`, `Identifiants de connexion`, but not `Dernier login`.
const LOGIN = /^(?:identifiants?|identifiants? de connexion.*|(?:login|user ?name|nom d.utilisateur)\b.*)$/i;

// Not about the row's person: `Nom (manager)`.
const ABOUT_ANOTHER = /manager|respons|superieur|chef|n\s*\+\s*1/;

const ABBREVIATIONS: Readonly<Record<string, string>> = {
  mat: "matricule",
  resp: "responsable",
  adr: "adresse",
  tel: "telephone",
  ...{ de: "", du: "", d: "", l: "", le: "", la: "" },
};

function byContent(cells: readonly string[]): UserColumn | undefined {
  const filled = cells.filter((cell) => cell !== "");
  if (filled.length === 0) return undefined;
  return FORMS.find(([, form]) => filled.filter((cell) => form.test(cell)).length >= MOST * filled.length)?.[0];
}

function holdsStates(cells: readonly string[]): boolean {
  const values = new Set(cells.filter((cell) => cell !== ""));
  return values.size <= MOST_STATES && [...values].some(saysGone);
}

export { saysGone };

// Finds the parents' column: its cells are account numbers of other rows.
function pointsInto(cells: readonly string[], values: ReadonlySet<string>): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.filter((cell) => values.has(cell)).length >= MOST * filled.length;
}

const MOST = 0.8;

// French and English, without accents, spaces and signs; the most certain first.
const NAMES: Readonly<Record<UserColumn, string>> = {
  accountNumber:
    "matricule|matriculesalarie|nmatricule|matr|employeeid|employeenumber|personnelnumber|staffid|staffnumber|idsalarie|idemploye|accountnumber|numerosalarie|numsalarie|codevendeur|codesalarie|identifiant|reference|ref|numero|code|id|n",
  civility: "civilite|civ|civility|salutation|titre|title",
  lastname: "nom|nomdefamille|nomusuel|nomusage|nomdusage|nomsalarie|lastname|surname|familyname|name",
  firstname: "prenom|prenomusuel|prenoms|firstname|givenname|forename",
  email:
    "email|mail|courriel|emailprofessionnel|emailpro|mailprofessionnel|mailpro|courrielprofessionnel|adressemail|adresseemail|adresseelectronique|emailaddress|workemail",
  login: "login|identifiantdeconnexion|nomdutilisateur|username|userid|loginname",
  phone: "telephone|telephonefixe|telfixe|tel|telephoneprofessionnel|telpro|fixe|phone|phonenumber|landline",
  mobile:
    "mobile|portable|telephoneportable|telportable|telephonemobile|telmobile|portablepro|gsm|cell|cellphone|mobilephone",
  company:
    "societe|entreprise|raisonsociale|company|companyname|concession|agence|etablissement|enseigne|garage|employeur|dealer",
  street: "adresse|adresse1|rue|voie|adressepostale|street|streetaddress|address|address1|addressline1",
  zipCode: "cp|codepostal|codpostal|zip|zipcode|postcode|postalcode|plz",
  city: "ville|commune|localite|city|town",
  country: "pays|codepays|country|countrycode",
  profile: "role|profil|profile|codeprofil|fonction|poste|intituleduposte|emploi|metier|jobtitle|position|job",
  parent:
    "matriculeresponsable|matriculemanager|managerid|matriculen1|responsable|responsablehierarchique|manager|superieur|superieurhierarchique|n1|chef|supervisor|reportsto|parent|rattachement",
  maxDistance:
    "rayon|rayonkm|rayonenkm|rayondaction|radius|radiuskm|distance|distancekm|distancemax|maxdistance|perimetrekm",
  counties: "departements|departement|dpt|dept|secteur|zone|zones|counties|county|territory",
  ranges: "gammes|gamme|produits|produit|marques|marque|ranges|range|products|brands",
  endDate:
    "findecontrat|datefindecontrat|datefincontrat|fincontrat|datedesortie|datesortie|sortie|datededepart|datedepart|datefin|enddate|contractend|leavingdate|terminationdate",
  status: "statut|statutsalarie|etat|situation|position|status|state|employmentstatus",
};

const RANKS = new Map(
  Object.entries(NAMES).flatMap(([column, names]) =>
    names.split("|").map((name, rank) => [name, { column: column as UserColumn, rank }] as const),
  ),
);

const FORMS: readonly (readonly [UserColumn, RegExp])[] = [
  ["email", /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/],
  ["civility", /^(?:m|mr|mme|mlle|mrs|ms|monsieur|madame)\.?$/i],
  ["mobile", /^(?:\+33|0033|0)[\s.-]?[67](?:[\s.-]?\d\d){4}$/],
  ["phone", /^(?:\+33|0033|0)[\s.-]?[1-589](?:[\s.-]?\d\d){4}$/],
  ["zipCode", /^\d{5}$/],
];
