const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** Markup that is safe to put into a page. */
export interface Html {
  readonly html: string;
}

/** Text that others have written becomes text; markup made by this function stays, also in lists. */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  const written = parts.map((part, index) => part + (index < values.length ? write(values[index]) : ''));
  return { html: written.join('') };
}

function write(value: unknown): string {
  if (Array.isArray(value)) return value.map(write).join('');
  if (typeof value === 'object' && value !== null && 'html' in value) return String(value.html);
  return String(value ?? '').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
