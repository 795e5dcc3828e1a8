import writeXlsx, { type SheetData } from "write-excel-file/node";

// Forms of address as the office writes them, and as a person would type them into Oplead.
const CIVILITIES = [
  ["M", "M."],
  ["M.", "M."],
  ["Monsieur", "M."],
  ["Mr.", "M."],
  ["Mme", "Mme"],
  ["Madame", "Mme"],
  ["Mlle", "Mme"],
] as const;

const ROLES = [
  ["Directeur", "PRF_NETWORK"],
  ["Chef d’équipe", "PRF_REGION"],
  ["Vendeur", "PRF_DEALER"],
] as const;

// The cell (a number without its zero, or a text with a space), the right postcode, the town.
const PLACES = [
  [1000, "01000", "Bourg-en-Bresse"],
  [13001, "13001", "Marseille"],
  ["75 001", "75001", "Paris"],
  [39000, "39000", "Lons-le-Saunier"],
] as const;

const STATES = ["Actif", "Actif", "Congé parental", "Actif", "Sorti", "Actif", "Suspendu"] as const;
const COUNTRIES = ["France", "FR", "France métropolitaine", ""] as const;

const roleOf = (at: number) => ROLES[at === 0 ? 0 : at <= 12 ? 1 : 2] as (typeof ROLES)[number];
const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
// Superiors never leave. The command does not know the form of address "Docteur" of three people.
const stateOf = (at: number) => (at <= 12 ? "Actif" : pick(STATES, at));
const isDoctor = (at: number) => [21, 100, 903].includes(at);

// As a staff office keeps it: titles above the header, merged cells, two forms of dates, both apostrophes, lost zeros,
// seven forms of address, people who left, and a total.
export async function staffXlsx(people: number): Promise<Buffer> {
  const header = [
    ...["Matricule", "Civilité", "Nom d’usage", "Prénom", "Courriel", "Fonction", "Matricule N+1", "Adresse"],
    ...["Code postal", "Ville", "Pays", "Rayon km", "Statut", "Entrée", "Prime"],
  ];
  const rows: SheetData = [
    [{ value: "Effectif commercial au 31/01/2026", columnSpan: 6, fontWeight: "bold" }],
    [],
    header.map((value) => ({ value })),
  ];
  for (let at = 0; at < people; at += 1) {
    const role = roleOf(at);
    const superior = role === ROLES[0] ? null : role === ROLES[1] ? 1000 : 1001 + (at % 12);
    const [zip, , city] = pick(PLACES, at);
    const texts = (value: string) => ({ value });
    rows.push([
      { value: 1000 + at, type: Number },
      texts(isDoctor(at) ? "Docteur" : pick(CIVILITIES, at)[0]),
      texts(at % 2 ? `N'Diaye-${at}` : `L’Hermitte-${at}`),
      texts("Noémie"),
      texts(`p${at}@dealers.example`),
      texts(at % 3 ? role[0] : role[0].replace("’", "'")),
      superior === null ? null : { value: superior, type: Number },
      texts(`${at} rue de l'Hôtel`),
      typeof zip === "number" ? { value: zip, type: Number } : texts(zip),
      texts(city),
      texts(pick(COUNTRIES, at)),
      role === ROLES[2] ? texts(at % 2 ? "30 km" : "12,5") : null,
      texts(stateOf(at)),
      at % 2 ? texts("03/11/2019") : { value: new Date(Date.UTC(2020, 5, 1)), type: Date, format: "yyyy-mm-dd" },
      { value: 500, type: Number },
    ] as SheetData[number]);
  }
  const blank = Array<null>(13).fill(null);
  rows.push([], [{ value: "TOTAL" }, ...blank, { value: people * 500, type: Number }] as SheetData[number]);
  return writeXlsx(rows, { sheet: "Salariés" }).toBuffer();
}
