/** Checks parameters, each by itself and all together. */
import { PARAMETERS, type Parameters } from './parameters.ts';
import { disagreements } from './together.ts';

const shown = (value: unknown): string | undefined => JSON.stringify(value)?.slice(0, 100);

/** The value at a path of the input; the whole text if the path leads into a text. */
const valueAt = (given: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : value,
    given,
  );

/**
 * The parameters, checked.
 * @throws {Error} that lists every wrong parameter: its name, its value and what is allowed
 */
export const checkParameters = (given: unknown): Parameters => {
  const result = PARAMETERS.safeParse(given);
  const issues = result.success
    ? disagreements(result.data).map(([name, says]) => `${name}: ${shown(result.data[name])}: ${says}`)
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${shown(valueAt(given, path))}: ${message}`);
  if (!result.success || issues.length > 0) throw new Error(`These parameters are wrong:\n  ${issues.join('\n  ')}`);
  return result.data;
};
