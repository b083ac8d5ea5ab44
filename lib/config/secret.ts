/**
 * Secrets in settings. A deployment writes a reference to where a secret is kept, never its text. Parsing turns it into a
 * `Secret`, which is replaced by its text before `connect` gets the settings: to an adapter the setting is a string.
 */
import * as z from 'zod';

/** A SecureString of Parameter Store. */
export interface ParameterReference {
  readonly parameter: string;
}

/** A secret of Secrets Manager: its whole text, or one field of its JSON. */
export interface SecretReference {
  readonly secret: string;
  readonly field?: string | undefined;
}

export type Reference = ParameterReference | SecretReference;

/** A secret in parsed settings. Printing it does not show its text. */
export class Secret {
  /** Absent for a secret whose text stands in the settings. */
  readonly reference: Reference | undefined;
  readonly #text: string | undefined;

  constructor(given: string | Reference) {
    this.reference = typeof given === 'string' ? undefined : given;
    this.#text = typeof given === 'string' ? given : undefined;
  }

  /** The text, where it stands in the settings. */
  get text(): string | undefined {
    return this.#text;
  }
}

const parameter = z.strictObject({
  parameter: z
    .string()
    .regex(/^(\/[A-Za-z0-9_.-]+){1,15}$/, 'must be the name of a parameter: a slash, then letters, digits and . _ - /'),
});
const managed = z.strictObject({
  // The whole ARN, with the six random characters at its end: the function's role may read exactly this secret.
  secret: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$/,
      'must be a whole ARN: arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six characters>',
    ),
  field: z
    .string()
    .regex(/^[\w.-]{1,128}$/, 'must be the name of a field: letters, digits and _ . -')
    .optional(),
});

/** Error text for an invalid secret. Callers must not show the value. */
export const SECRET_RULE =
  'must be { parameter: /name } of Parameter Store or { secret: <whole ARN>, field: <name> } of Secrets Manager';

/** Schema of a setting that is a secret. The adapter gets its text. */
export const secret = (): z.ZodType<string> =>
  z
    .union([z.string().min(1), parameter, managed], { error: SECRET_RULE })
    .transform((given) => new Secret(given)) as unknown as z.ZodType<string>;

/** Where each secret stands in parsed settings. */
export function secretsIn(settings: unknown, at: readonly string[] = []): { at: readonly string[]; secret: Secret }[] {
  if (settings instanceof Secret) return [{ at, secret: settings }];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([name, value]) => secretsIn(value, [...at, name]));
}

/** The same settings with the text in place of every secret. */
export function withSecrets<T>(settings: T, textOf: (secret: Secret) => string): T {
  const replaced = (value: unknown): unknown => {
    if (value instanceof Secret) return textOf(value);
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner)]));
  };
  return replaced(settings) as T;
}

/** A reference as logs name it. */
export const nameOf = (reference: Reference): string =>
  'parameter' in reference
    ? `parameter ${reference.parameter}`
    : `secret ${reference.secret}${reference.field === undefined ? '' : ` field ${reference.field}`}`;
