import { CommandError } from "../../exit.ts";

/** `accountNumber,id` lines, with `,`, `;` or a tab between the two, with or without a header and quotation marks. */
export async function readPairs(text: string, file: string): Promise<[accountNumber: string, id: string][]> {
  const { parse } = await import("csv-parse/sync");
  const options = {
    bom: true,
    delimiter: [",", ";", "\t"],
    record_delimiter: ["\r\n", "\n", "\r"],
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
  };
  let rows: { record: string[]; info: { lines: number } }[];
  try {
    // csv-parse's type does not change with the option info.
    rows = parse(text, options) as unknown as typeof rows;
  } catch (error) {
    throw wrongLine(file, (error as { lines?: number }).lines);
  }
  const [first] = rows;
  if (first && /^account_?number$/i.test(first.record[0] ?? "")) rows.shift();
  return rows.map(({ record: [accountNumber = "", id = "", ...more], info }) => {
    if (accountNumber === "" || id === "" || more.length > 0) throw wrongLine(file, info.lines);
    return [accountNumber, id];
  });
}

function wrongLine(file: string, line: number | undefined): CommandError {
  return new CommandError("import", `${file}, line ${line ?? 1}: must be accountNumber,id. Nothing was imported.`);
}
