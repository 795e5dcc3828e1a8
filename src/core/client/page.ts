// The functions insert values as text, never as HTML.

export function byId<Kind extends Element = HTMLElement>(id: string): Kind | null {
  return document.querySelector<Kind>(`#${id}`);
}

// Returns undefined for a control that is empty or not on the page.
export function controlValue(id: string): string | undefined {
  return byId<HTMLInputElement>(id)?.value.trim() || undefined;
}

export function setValue(id: string, value: string): void {
  const control = byId<HTMLInputElement | HTMLSelectElement>(id);
  if (control) control.value = value;
}

export function element(name: string, className: string, ...children: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}
