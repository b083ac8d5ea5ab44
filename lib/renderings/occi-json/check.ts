import * as z from 'zod';
import { OcciError } from '../../errors.ts';
import { excerpt } from '../characters.ts';
import { suggestion } from '../suggestion.ts';

/** Where a member stands, for messages: `resources[0].title`. */
export const under = (path: string, member: string): string =>
  path === '' ? excerpt(member) : `${path}.${excerpt(member)}`;

/**
 * Validates a body against its schema; the first issue becomes the message. `names` are the top-level members that may
 * be suggested, including those of other shapes. Throws `OcciError('invalid')`.
 */
export function check<S extends z.ZodType>(schema: S, body: unknown, names?: readonly string[]): z.infer<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : under(text, String(key))),
    '',
  );
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = issue.path.length === 0 && names ? names : membersAt(schema, issue.path);
    throw new OcciError(
      'invalid',
      `${under(where, key)} is not a member of this object${suggestion(
        key,
        known.filter((name) => name !== key),
      )}.`,
    );
  }
  throw new OcciError('invalid', `${where || 'The body'} ${issue.message}.`);
}

/** The members that the object at a path of the schema may have. */
function membersAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const key of path) {
    if (at instanceof z.ZodOptional) at = at.unwrap();
    if (at instanceof z.ZodArray) at = at.element;
    else if (at instanceof z.ZodObject) at = at.shape[String(key)];
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}
