// On a white card, to be read in a dark theme too.

const GREY = "#4a4f55";
const BOXES = {
  step: { rect: 'fill="#0f7a5f"', text: "#fff" },
  good: { rect: `fill="none" stroke="#0f7a5f" stroke-width="2"`, text: GREY },
  bad: { rect: `fill="none" stroke="#c2571a" stroke-width="2"`, text: GREY },
  outside: { rect: `fill="none" stroke="${GREY}" stroke-width="1.5"`, text: GREY },
} as const;

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function box(kind: keyof typeof BOXES, x: number, y: number, width: number, lines: readonly string[]): string {
  const height = 22 + 18 * lines.length;
  const { rect, text } = BOXES[kind];
  const shown = lines.map(
    (line, index) =>
      `<text x="${x + width / 2}" y="${y + 26 + 18 * index}" fill="${text}"${index > 0 ? ' font-size="13"' : ""}>${escaped(line)}</text>`,
  );
  return [`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" ${rect}/>`, ...shown].join("\n  ");
}

export function arrow(path: string, isDashed = false): string {
  return `<path d="${path}" fill="none" stroke="${GREY}" stroke-width="1.5" marker-end="url(#end)"${isDashed ? ' stroke-dasharray="4 4"' : ""}/>`;
}

export function label(x: number, y: number, text: string, anchor: "start" | "middle" | "end" = "start"): string {
  return `<text x="${x}" y="${y}" font-size="13" text-anchor="${anchor}" fill="${GREY}">${escaped(text)}</text>`;
}

export function picture(title: string, width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="15" text-anchor="middle" role="img" aria-label="${escaped(title)}">
  <title>${escaped(title)}</title>
  <defs>
    <marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
      <path d="M0 0 8 4 0 8z" fill="${GREY}"/>
    </marker>
  </defs>
  <rect width="${width}" height="${height}" rx="10" fill="#fff"/>
  ${parts.join("\n  ")}
</svg>
`;
}
