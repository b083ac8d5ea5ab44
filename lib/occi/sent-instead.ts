/**
 * The end of a message about a value that had to be text: what was sent instead, `where` it stood within the value, and
 * how to write it. Empty for a value that is text already, or for which quotes are no help.
 */
export function sentInstead(value: unknown, where?: string): string {
  const what = typeof value === 'boolean' ? 'a truth value' : 'a number';
  if (typeof value !== 'boolean' && !(typeof value === 'number' && Number.isFinite(value))) return '';
  return `; ${what} was sent${where === undefined ? '' : ` as ${where}`}: write "${value}"`;
}
