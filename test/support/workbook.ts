import { strToU8, zipSync } from "fflate";

export interface Parts {
  // As XML: `<row r="1"><c r="A1" t="inlineStr"><is><t>ref</t></is></c></row>`.
  readonly sheets: Readonly<Record<string, string>>;
  readonly hidden?: readonly string[];
  readonly after?: string;
  readonly strings?: string;
  // The style of a cell is the index of its format, from 1.
  readonly formats?: readonly string[];
  readonly date1904?: boolean;
  readonly more?: Readonly<Record<string, Uint8Array>>;
  // 0: stored uncompressed.
  readonly level?: 0 | 6;
}

const xml = (text: string): Uint8Array => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`);
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const relations = (targets: readonly (readonly [kind: string, target: string])[]): Uint8Array => {
  const list = targets.map(
    ([kind, target], i) => `<Relationship Id="rId${i + 1}" Type="${DOCUMENT}/${kind}" Target="${target}"/>`,
  );
  return xml(
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join("")}</Relationships>`,
  );
};

export function workbookOf({
  sheets,
  hidden = [],
  after = "",
  strings,
  formats = [],
  date1904,
  more,
  level = 6,
}: Parts): Uint8Array {
  const names = Object.keys(sheets);
  const list = names.map(
    (name, i) =>
      `<sheet name="${name}" sheetId="${i + 1}"${hidden.includes(name) ? ' state="hidden"' : ""} r:id="rId${i + 1}"/>`,
  );
  const patterns = formats.map(
    (code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${code.replaceAll('"', "&quot;")}"/>`,
  );
  const styles = formats.map((_, i) => `<xf numFmtId="${164 + i}" applyNumberFormat="1"/>`);
  const parts = {
    "[Content_Types].xml": xml("<Types/>"),
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": xml(
      `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><workbookPr${date1904 ? ' date1904="1"' : ""}/><sheets>${list.join("")}</sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": relations([
      ...names.map((_, i) => ["worksheet", `worksheets/sheet${i + 1}.xml`] as const),
      ["styles", "styles.xml"],
      ...(strings === undefined ? [] : [["sharedStrings", "/xl/sharedStrings.xml"] as const]),
    ]),
    "xl/styles.xml": xml(
      `<styleSheet xmlns="${MAIN}"><numFmts>${patterns.join("")}</numFmts><cellXfs><xf numFmtId="0"/>${styles.join("")}</cellXfs></styleSheet>`,
    ),
    ...(strings === undefined ? {} : { "xl/sharedStrings.xml": xml(`<sst xmlns="${MAIN}">${strings}</sst>`) }),
    ...Object.fromEntries(
      Object.values(sheets).map((rows, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        xml(`<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${after}</worksheet>`),
      ]),
    ),
    ...more,
  };
  return zipSync(parts, { level });
}

export function textRow(number: number, ...texts: readonly string[]): string {
  const cells = texts.map((text, i) =>
    text === "" ? "" : `<c r="${String.fromCharCode(65 + i)}${number}" t="inlineStr"><is><t>${text}</t></is></c>`,
  );
  return `<row r="${number}">${cells.join("")}</row>`;
}
