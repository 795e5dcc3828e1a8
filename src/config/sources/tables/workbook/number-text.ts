import { addLocale, dateFromSerial, format, getFormatDateInfo, getFormatInfo } from "numfmt";

/** Digits as programs read them: a point, and nothing between thousands. */
const PLAIN = "zz";
let isPrepared = false;

/** Excel keeps no further digit from this count on. */
const EXACT = 1e15;

/** Days between the two calendars of workbooks. */
const DAYS_1904 = 1462;

export type NumberText = (value: number) => string;

/**
 * Writes numbers as Excel shows them in cells of this format: `1000` is `01000` with `00000`. Days are `2026-01-31`, with the time behind `T` if the format shows one. Numbers that
 * have no format, or that Excel would shorten (`3.36E+10`), are written in full.
 */
export function numberText(pattern: string, is1904: boolean): NumberText {
  if (!isPrepared) addLocale({ group: "", decimal: "." }, PLAIN);
  isPrepared = true;
  const { type, isDate } = getFormatInfo(pattern);
  if (type === "general" || type === "text" || type === "scientific") return inFull;
  const shown = (value: number): string => {
    const text = format(pattern, value, { locale: PLAIN, overflow: "" }).trim();
    return text === "" ? inFull(value) : text;
  };
  if (!isDate) return shown;
  const { year, month, day, hours } = getFormatDateInfo(pattern);
  if (!year && !month && !day) return shown;
  return (value) => {
    const parts = dateFromSerial(is1904 ? value + DAYS_1904 : value);
    if (value < 0 || parts === null || (parts[0] ?? 0) > 9999) return inFull(value);
    const [date, time] = [parts.slice(0, 3), parts.slice(3, 6)].map((list) =>
      list.map((part) => String(part).padStart(2, "0")),
    );
    return date?.join("-") + (hours && time?.some((part) => part !== "00") ? `T${time.join(":")}` : "");
  };
}

/** Floating point numbers are stored with more digits than Excel counts with. */
function inFull(value: number): string {
  return Math.abs(value) >= EXACT ? value.toExponential().replace("e+", "E+") : String(Number(value.toPrecision(15)));
}
