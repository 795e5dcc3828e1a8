export function headings(page: string): string[] {
  const title = /^([A-Z][^:\n]*):$|<summary>(.*) \(\d+\)<\/summary>|^\*\*(.*):\*\*/gm;
  return [...new Set([...page.matchAll(title)].map(([, line, folded, bold]) => line ?? folded ?? bold ?? ""))].sort();
}
