/** The titles of the sections of a plan or a report, in its text or its Markdown, in the order of the alphabet. */
export function headings(page: string): string[] {
  const title = /^([A-Z][^:\n]*):$|<summary>(.*) \(\d+\)<\/summary>|^\*\*(.*):\*\*/gm;
  return [...new Set([...page.matchAll(title)].map(([, line, folded, bold]) => line ?? folded ?? bold ?? ""))].sort();
}
