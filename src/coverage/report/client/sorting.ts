import { byId, element } from "../../../base/page/client/page.ts";

/** Makes the heads of a table buttons that sort it. */
export function makeSortable(table: HTMLTableElement): void {
  for (const [column, head] of [...(table.tHead?.rows[0]?.cells ?? [])].entries()) {
    const button = element("button", "", head.textContent ?? "");
    button.setAttribute("type", "button");
    button.addEventListener("click", () => sortBy(table, column));
    head.replaceChildren(button);
  }
}

function sortBy(table: HTMLTableElement, column: number): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const head = heads[column];
  const body = table.tBodies[0];
  if (!head || !body) return;
  const isNumber = head.classList.contains("number");
  // Numbers begin with the largest, texts with the first.
  const before = head.getAttribute("aria-sort");
  const ascending = before === null ? !isNumber : before === "descending";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const rows = [...body.rows].map((row) => ({ row, cell: row.cells[column] }));
  const order = ascending ? 1 : -1;
  rows.sort((a, b) =>
    isNumber
      ? order * (Number(a.cell?.dataset.value) - Number(b.cell?.dataset.value))
      : order * (a.cell?.textContent ?? "").localeCompare(b.cell?.textContent ?? ""),
  );
  body.append(...rows.map(({ row }) => row));
}

export function filterFindings(): void {
  const kind = byId<HTMLSelectElement>("kind")?.value ?? "";
  for (const row of byId<HTMLTableElement>("findings")?.tBodies[0]?.rows ?? []) {
    row.hidden = kind !== "" && row.dataset.kind !== kind;
  }
}
