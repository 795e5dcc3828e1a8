/**
 * Makes examples/dealers.csv: a network of 300 invented users at real French towns, the same on every run.
 *
 *     npx tsx scripts/make-dealers.ts
 *
 * Every département gets dealers, so the traps of French postcodes are all there: leading zeros, Corsica (20xxx, whose
 * départements are 2A and 2B), overseas (97x). The people are invented: the phone numbers are from the block kept free for
 * fiction (06 39 98), the mail domain from the names reserved for examples.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { seededRandom } from "../src/testing/arguments.ts";

/** The head of the network and its regions included. */
const userCount = 300;

const columns = [
  "accountNumber",
  "profile",
  "parentAccountNumber",
  "civility",
  "firstname",
  "lastname",
  "login",
  "email",
  "phone",
  "company",
  "street",
  "zipCode",
  "city",
  "country",
] as const;

export type Dealer = Record<(typeof columns)[number], string>;

interface Commune {
  readonly code: string;
  readonly nom: string;
  readonly type: string;
  readonly departement?: string;
  readonly codesPostaux?: readonly string[];
  readonly population?: number;
}

interface Departement {
  readonly code: string;
  readonly region: string;
  readonly zone: string;
}

/** The sales regions: those of the state, with the five overseas départements in two. By seat, then by state regions. */
const regions: readonly { readonly seat: string; readonly codes: readonly string[] }[] = [
  { seat: "75056", codes: ["11"] },
  { seat: "45234", codes: ["24"] },
  { seat: "21231", codes: ["27"] },
  { seat: "76540", codes: ["28"] },
  { seat: "59350", codes: ["32"] },
  { seat: "67482", codes: ["44"] },
  { seat: "44109", codes: ["52"] },
  { seat: "35238", codes: ["53"] },
  { seat: "33063", codes: ["75"] },
  { seat: "31555", codes: ["76"] },
  { seat: "69123", codes: ["84"] },
  { seat: "13055", codes: ["93"] },
  { seat: "2A004", codes: ["94"] },
  { seat: "97209", codes: ["01", "02", "03"] },
  { seat: "97411", codes: ["04", "06"] },
];

const list = (text: string): readonly string[] => text.split(", ");

const firstnames = [
  ["Mme", list("Zoé, Hélène, Anaïs, Gaëlle, Inès, Marie-Ève, Chloé, Noémie, Léa, Françoise, Awa, Maëlys")],
  ["M.", list("Jérôme, Benoît, François, Théo, Loïc, Jean-Noël, Mickaël, Rémi, Hugo, Cédric, Yanis, Gaël")],
] as const;

const lastnames = list(
  "Lefèvre, Béranger, Guérin, N'Diaye, Le Goff, D'Angelo, Müller, Dupré-Martin, Hoarau, Payet, Çelik, Casanova, Nuñez, " +
    "Étienne, Bàrtoli, Marchand, Rousseau, Besnard, Kermarrec, Faÿ, Vandamme, Lacroix, Garnier, Pélissier, Sévère, Bœuf",
);

const streets = list(
  "rue de la République, avenue de l'Europe, route Nationale, boulevard Victor-Hugo, rue du Général-de-Gaulle, " +
    "place de l'Église, rue des Frères-Lumière, allée des Érables, chemin du Moulin, rue d'Alsace, quai de la Gare",
);

const companies: readonly ((lastname: string, partner: string) => string)[] = [
  (lastname) => `Garage ${lastname}`,
  (lastname) => `${lastname} Automobiles`,
  (lastname) => `${lastname} & Fils`,
  (lastname, partner) => `${lastname}, ${partner} et Associés`,
  (lastname) => `Carrosserie "${lastname}"`,
];

/** All 300, parents first: the head of the network, its regions, then the dealers by region and département. */
export function makeDealers(): Dealer[] {
  const { communes, departements } = readFrance();
  const person = peopleMaker(seededRandom(1));
  const random = seededRandom(2);
  const any = picker(random);
  const byCode = new Map(communes.map((commune) => [commune.code, commune]));
  const seat = (code: string) => byCode.get(code) as Commune;
  const at = (commune: Commune) => ({ zipCode: any(commune.codesPostaux ?? []), city: commune.nom, country: "FR" });

  const head = "RESEAU";
  const regionNumber = (index: number) => `REG-${String(index + 1).padStart(2, "0")}`;
  const network: Dealer = { ...person(head, "PRF_NETWORK", ""), ...at(seat("75056")) };
  const managers = regions.map((region, index) => ({
    ...person(regionNumber(index), "PRF_REGION", head),
    ...at(seat(region.seat)),
  }));

  const places = regions.flatMap(({ codes }, index) =>
    departements
      .filter((departement) => codes.includes(departement.region))
      .flatMap((departement) => {
        const towns = communes.filter((commune) => commune.departement === departement.code).slice(0, 25);
        const count = shareOf(departement, departements);
        return Array.from({ length: count }, () => ({ parent: regionNumber(index), town: any(towns) }));
      }),
  );
  const dealers = places.map(({ parent, town }, index) => ({
    ...person(`DLR-${String(index + 1).padStart(4, "0")}`, "PRF_DEALER", parent),
    ...at(town),
  }));
  return [network, ...managers, ...dealers];
}

/** Two dealers for each département, and a third for the first ones in the list until all are placed. */
function shareOf(departement: Departement, departements: readonly Departement[]): number {
  const toPlace = userCount - 1 - regions.length;
  const least = Math.floor(toPlace / departements.length);
  return least + (departements.indexOf(departement) < toPlace % departements.length ? 1 : 0);
}

const picker =
  (random: () => number) =>
  <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;

function peopleMaker(random: () => number) {
  const any = picker(random);
  const logins = new Set<string>();
  return (
    accountNumber: string,
    profile: string,
    parentAccountNumber: string,
  ): Omit<Dealer, "zipCode" | "city" | "country"> => {
    const [civility, names] = any(firstnames);
    const firstname = any(names);
    const lastname = any(lastnames);
    const login = unused(`${ascii(firstname)}.${ascii(lastname)}`, logins);
    return {
      accountNumber,
      profile,
      parentAccountNumber,
      civility,
      firstname,
      lastname,
      login,
      email: `${login}@dealers.example`,
      phone: `+3363998${String(logins.size).padStart(4, "0")}`,
      company: profile === "PRF_DEALER" ? any(companies)(lastname, any(lastnames)) : "Réseau Exemple",
      street: `${1 + Math.floor(random() * 180)} ${any(streets)}`,
    };
  };
}

const ascii = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/œ/g, "oe")
    .replace(/[^A-Za-z-]/g, "")
    .toLowerCase();

function unused(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}${count}`;
  taken.add(name);
  return name;
}

/** The communes that have a postcode, the most populous first, and the départements they lie in. */
function readFrance(): { communes: Commune[]; departements: Departement[] } {
  const { resolve } = createRequire(import.meta.url);
  const read = (name: string) =>
    JSON.parse(readFileSync(resolve(`@etalab/decoupage-administratif/data/${name}.json`), "utf8"));
  const communes = (read("communes") as Commune[]).filter(
    ({ type, codesPostaux = [] }) => type === "commune-actuelle" && codesPostaux.length > 0,
  );
  communes.sort((a, b) => (b.population ?? 0) - (a.population ?? 0) || (a.code < b.code ? -1 : 1));
  const departements = (read("departements") as Departement[]).filter(
    ({ zone }) => zone === "metro" || zone === "drom",
  );
  return { communes, departements };
}

export function toCsv(dealers: readonly Dealer[]): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...dealers.map((dealer) => columns.map((column) => quoted(dealer[column])))]
    .map((cells) => `${cells.join(",")}\n`)
    .join("");
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  writeFileSync(new URL("../examples/dealers.csv", import.meta.url), toCsv(makeDealers()));
}
