/** The file of a deployment, checked before anything is deployed, and what it needs of the account. */

import { NO_ADAPTER, withAdapter } from '../../functions/settings.ts';
import { checked } from '../../lib/config/issues.ts';
import { secretsIn } from '../../lib/config/secret.ts';
import { fileSettings, NOT_IN_FILE } from '../../lib/config/service.ts';
import { warningsOf } from '../../lib/config/warnings.ts';

/** What the roles of the functions must be given. */
export interface Needs {
  /** Names in Parameter Store. */
  readonly parameters: readonly string[];
  /** ARNs in Secrets Manager. */
  readonly secrets: readonly string[];
  /** ARNs of roles that the adapter assumes for its callers. */
  readonly roles: readonly string[];
}

/** What a file comes to. */
export interface CheckedFile {
  /** One for each setting that is wrong. */
  readonly lines: readonly string[];
  /** One for each setting that is right and still a danger. */
  readonly warnings: readonly string[];
  readonly needs: Needs;
  /** Nobody has named a cloud yet: it can be packaged, and must not be deployed. */
  readonly isBlank: boolean;
}

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\//;

/** Every text within a value. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

/** What an adapter with these settings needs; the roles among them are known by their form. */
function needsOf(settings: unknown): Needs {
  const references = secretsIn(settings).flatMap(({ secret }) => secret.reference ?? []);
  return {
    parameters: sorted(references.flatMap((one) => ('parameter' in one ? one.parameter : []))),
    secrets: sorted(references.flatMap((one) => ('secret' in one ? one.secret : []))),
    roles: sorted(textsIn(settings).filter((text) => ROLE.test(text))),
  };
}

const NONE: Needs = { parameters: [], secrets: [], roles: [] };

/** The settings that a file may have, and a line for each that it must not have. */
function takenApart(input: unknown): { readonly rest: unknown; readonly lines: readonly string[] } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { rest: input, lines: [] };
  const isMisplaced = (key: string): key is keyof typeof NOT_IN_FILE => Object.hasOwn(NOT_IN_FILE, key);
  return {
    rest: Object.fromEntries(Object.entries(input).filter(([key]) => !isMisplaced(key))),
    lines: Object.keys(input).flatMap((key) => (isMisplaced(key) ? `${key}: ${NOT_IN_FILE[key]}` : [])),
  };
}

/** Checks what a file holds. All that is wrong is told at once. */
export async function checkFile(input: unknown): Promise<CheckedFile> {
  const { rest, lines } = takenApart(input);
  const service = checked(fileSettings(), rest);
  const warnings = 'value' in service ? warningsOf(service.value.auth) : [];
  if ('value' in service && service.value.adapter.name === NO_ADAPTER)
    return { lines, warnings, needs: NONE, isBlank: lines.length === 0 };
  const result = await withAdapter(rest, service, false);
  if ('lines' in result) return { lines: [...lines, ...result.lines], warnings, needs: NONE, isBlank: false };
  return { lines, warnings, needs: needsOf(result.value.adapter.settings), isBlank: false };
}
