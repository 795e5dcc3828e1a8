// As out of French Excel after a year of use: Windows-1252, `;`, quoted line breaks, blank rows.
export interface MessyCsv {
  readonly bytes: Buffer;
  readonly bad: ReadonlyMap<number, string>;
}

export function messyCsv(count: number, renamed: (at: number) => boolean = () => false): MessyCsv {
  const bad = new Map<number, string>();
  const lines = ["Réf;Nom;E-mail;CP;Ville;Rayon"];
  for (let i = 0; i < count; i += 1) {
    const row = lines.length + 1;
    const cells = [
      `DLR-${i}`,
      `Garage n°${i} ${renamed(i) ? "de l'Hôtel" : "d'Été"}`,
      `p${i}@dealers.example`,
      i % 9 === 0 ? "01000" : "29200",
      "Brest",
      "30",
    ];
    if (i % 101 === 7) cells[2] = "pas d'adresse";
    else if (i % 103 === 8) cells[1] = "";
    else if (i % 107 === 9) cells[0] = "";
    else if (i % 109 === 10) cells[5] = "trente";
    else if (i % 113 === 11)
      cells[4] = "Brest; 2e étage"; // one cell too many
    else if (i % 127 === 12) cells[3] = "";
    else {
      if (i % 31 === 0) cells[1] = `"Garage ""Le Pneu""\n${i}; annexe"`;
      if (i % 37 === 0) cells[4] = "  Brest  ";
      lines.push(cells.join(";"));
      if (i % 211 === 0) lines.push("");
      continue;
    }
    bad.set(row, cells[0] === "" || cells[4]?.includes(";") ? "" : (cells[0] as string));
    lines.push(cells.join(";"));
  }
  return { bytes: Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1"), bad };
}

export const MESSY_CONFIG = `import { csvSource, defineConfig, env } from "oplead-sdk/config";
export default defineConfig({
  client: { token: env("OPLEAD_TOKEN"), baseUrl: env("OPLEAD_BASE_URL"), rateLimit: { requests: 5000, perMs: 1000 } },
  source: csvSource("dealers.csv"),
  key: (row) => row["Réf"],
  map: (row) => ({
    user: {
      accountNumber: row["Réf"], civility: "M.", lastname: row.Nom, login: row["Réf"], email: row["E-mail"],
      profile: { code: "PRF_NETWORK" }, address: { zipCode: row.CP, city: row.Ville, country: { code: "FR" } },
    },
    rules: { maxDistance: Number(row.Rayon) },
  }),
});
`;
