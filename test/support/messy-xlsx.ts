import writeXlsx, { type SheetData } from "write-excel-file/node";

const ROLES = ["Directeur de réseau", "Responsable régional", "Vendeur"];

// From a French staff office: titles above the header, merged cells, repeated names, empty rows, totals.
export async function messyXlsx(people: number): Promise<Buffer> {
  const header = [
    "Matricule",
    "Civilité",
    "Nom",
    "Prénom",
    "E-mail",
    "Fonction",
    "Responsable",
    "Adresse",
    "CP",
    "Ville",
    "Rayon",
    "Nom",
    "Prénom",
  ];
  const rows: SheetData = [
    [{ value: "Effectif commercial", columnSpan: 5, fontWeight: "bold" }],
    [{ value: "Extraction du 31/01/2026" }],
    [],
    [
      { value: "Salarié", columnSpan: 7 },
      null,
      null,
      null,
      null,
      null,
      null,
      { value: "Site", columnSpan: 4 },
      null,
      null,
      null,
      { value: "Assistant(e)", columnSpan: 2 },
    ],
    header.map((value) => ({ value })),
  ];
  for (let i = 0; i < people; i += 1) {
    const role = i === 0 ? 0 : i <= 12 ? 1 : 2;
    const superior =
      role === 0 ? null : role === 1 ? { value: 1000, type: Number } : { value: 1001 + (i % 12), type: Number };
    rows.push([
      { value: 1000 + i, type: Number },
      { value: i % 2 ? "Mme" : "M." },
      { value: `Étienne-${i}` },
      { value: "Noémie" },
      { value: `p${i}@dealers.example` },
      { value: ROLES[role] },
      superior,
      { value: `${i} rue de l'Hôtel` },
      { value: i % 9 === 0 ? 1000 : 29200, type: Number, format: "00000" },
      { value: i % 9 === 0 ? "Bourg-en-Bresse" : "Brest" },
      role === 2 ? { value: 30, type: Number } : null,
      { value: "Petit" },
      { value: "Paul" },
    ] as SheetData[number]);
    if (i % 400 === 399) rows.push([]);
  }
  rows.push(
    [],
    [{ value: "TOTAL" }, null, null, null, null, null, null, null, null, null, { value: people * 30, type: Number }],
  );
  rows.push([{ value: "Document confidentiel", columnSpan: 5 }]);
  return writeXlsx(rows, { sheet: "Salariés" }).toBuffer();
}
