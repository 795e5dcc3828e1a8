import { issueAt } from "../../../base/issues.ts";
import { tellConfig } from "../../../locales/en/config.ts";
import { fileRefused } from "../source.ts";

/** How far into a file its kind is looked for. */
const HEAD = 1024;

/** The first bytes of Excel files from before 2007, and of workbooks protected by a password. */
const COMPOUND = Buffer.from("d0cf11e0a1b11ae1", "hex");

/** Pages and XML that programs write and call `.xls`, which Excel opens. */
const MARKUP = /^\s*<(?:!doctype|!--|\?xml|html|head|meta|body|table|style|div|workbook)/i;

/**
 * Refuses a file that is for another source, or for none, whatever its name says.
 *
 * @throws {@link OpleadError} `source_failed` that says what to do.
 */
export function refuseOtherKinds(bytes: Buffer, title: string, reader: "csvSource" | "excelSource"): void {
  const isZip = bytes.subarray(0, 2).toString("latin1") === "PK" && (bytes[2] ?? 0) < 9;
  if (bytes.subarray(0, COMPOUND.length).equals(COMPOUND)) {
    const isProtected = bytes.includes(Buffer.from("EncryptedPackage", "utf16le"));
    throw fileRefused(title, issueAt("", tellConfig(isProtected ? "workbook_with_password" : "old_workbook")));
  }
  // Zero bytes are those of UTF-16, and what is beside them is ASCII.
  const head = bytes
    .subarray(0, HEAD)
    .toString("latin1")
    .replace(/\0|^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/g, "");
  if (MARKUP.test(head)) throw fileRefused(title, issueAt("", tellConfig("markup_as_table")));
  if (reader === "csvSource" && isZip)
    throw fileRefused(title, issueAt("", tellConfig(bytes.includes("xl/") ? "is_workbook" : "is_zip")));
  if (reader === "excelSource" && !isZip && bytes.length > 0)
    throw fileRefused(title, issueAt("", tellConfig("is_no_workbook")));
}
