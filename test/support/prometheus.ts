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

// The parser cannot read histograms with labels.
function requestsIn(text: string, name = "http_client_request_duration_seconds") {
  return [...text.matchAll(new RegExp(`^${name}_count\\{(.*)\\} (\\d+)$`, "gm"))].map(([, given = "", count]) => ({
    labels: Object.fromEntries([...given.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value])),
    count: Number(count),
  }));
}

export function requestCount(text: string, operation: string, status: number | undefined): number {
  const isAsked = ({ labels }: ReturnType<typeof requestsIn>[number]) =>
    labels.oplead_operation === operation && labels.http_response_status_code === String(status);
  return requestsIn(text).reduce((sum, one) => (isAsked(one) ? sum + one.count : sum), 0);
}
