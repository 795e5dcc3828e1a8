import parse from "parse-prometheus-text-format";

// A parser that has nothing to do with the writer.
export function sampleOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const family = parse(text).find((each) => each.name === name);
  const metric = family?.metrics.find((each) =>
    Object.entries(labels).every(([label, value]) => each.labels?.[label] === value),
  );
  return metric?.value === undefined ? undefined : Number(metric.value);
}
