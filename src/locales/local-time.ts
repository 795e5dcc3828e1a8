/** By the zone that the environment names. Each is made once: the first one takes some milliseconds. */
const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

/** A time in the zone of this machine, with the zone's name: `2026-01-31 02:15:09 CET`. The seconds are left out if `hasSeconds` is false. */
export function localTime(time: string | number, hasSeconds = true): string {
  const date = new Date(time);
  const zoneName = globalThis.process?.env?.TZ;
  // Of the locales en-GB has the most names of zones; the others are like "GMT-5".
  const formatter = formatters.get(zoneName) ?? new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" });
  formatters.set(zoneName, formatter);
  const zone = formatter.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  const clock = [two(date.getHours()), two(date.getMinutes()), ...(hasSeconds ? [two(date.getSeconds())] : [])];
  return `${day} ${clock.join(":")} ${zone}`;
}
