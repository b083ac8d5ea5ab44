/**
 * For `when` of a rule about several settings: it is checked even when another setting is wrong, so that one run reports
 * all errors.
 */
export function isMap({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null;
}
