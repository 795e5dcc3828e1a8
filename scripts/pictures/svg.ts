/** Boxes, arrows and texts of the pictures in docs/. They stand on a white card, so that they can be read in a dark theme as well. */

const GREY = "#4a4f55";
const BOXES = {
  /** What the package does. */
  step: { rect: 'fill="#0f7a5f"', text: "#fff" },
  /** How it ends well. */
  good: { rect: `fill="none" stroke="#0f7a5f" stroke-width="2"`, text: GREY },
  /** How it ends with an error. */
  bad: { rect: `fill="none" stroke="#c2571a" stroke-width="2"`, text: GREY },
  /** What lies outside. */
  outside: { rect: `fill="none" stroke="${GREY}" stroke-width="1.5"`, text: GREY },
} as const;

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A rounded box with its lines of text in the middle; those after the first are smaller. */
export function box(kind: keyof typeof BOXES, x: number, y: number, width: number, lines: readonly string[]): string {
  const height = 22 + 18 * lines.length;
  const { rect, text } = BOXES[kind];
  const shown = lines.map(
    (line, index) =>
      `<text x="${x + width / 2}" y="${y + 26 + 18 * index}" fill="${text}"${index > 0 ? ' font-size="13"' : ""}>${escaped(line)}</text>`,
  );
  return [`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" ${rect}/>`, ...shown].join("\n  ");
}

/** A line with a head, along an SVG path. */
export function arrow(path: string, isDashed = false): string {
  return `<path d="${path}" fill="none" stroke="${GREY}" stroke-width="1.5" marker-end="url(#end)"${isDashed ? ' stroke-dasharray="4 4"' : ""}/>`;
}

/** Small text beside an arrow. */
export function label(x: number, y: number, text: string, anchor: "start" | "middle" | "end" = "start"): string {
  return `<text x="${x}" y="${y}" font-size="13" text-anchor="${anchor}" fill="${GREY}">${escaped(text)}</text>`;
}

/** The file of a picture. */
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
