/** How a role's statements become policies: IAM limits how long these may be, and some lists of the settings are long. */
import { tableNameOf } from '../resources/metrics.ts';
import type { Stack, Statement, Text } from '../stack/stack.ts';
import { ec2SettingsOf } from './ec2.ts';

/** A statement whose resources are a list. */
type LongStatement = Statement & { readonly Resource: readonly Text[] };

/** IAM's limits, in characters without white space: of all inline policies of a role, and of one managed policy. */
const MAX_INLINE_CHARS = 10_240;
const MAX_MANAGED_CHARS = 6_144;
/** Managed policies of a role. */
const MAX_MANAGED = 10;

/** The longest of what CloudFormation fills in. */
const FILLED: Readonly<Record<string, string>> = {
  Partition: 'aws-us-gov',
  Region: 'ap-southeast-1',
  AccountId: '123456789012',
};
const filled = (text: string): string => text.replace(/\$\{AWS::(\w+)\}/g, (_, name) => FILLED[name] ?? '');

/** A value as text that is at least as long as what CloudFormation makes of it. */
const resolved = (value: unknown, stack: Pick<Stack, 'table'>): string =>
  JSON.stringify(value, (_, inner) => {
    if (inner?.['Fn::Sub']) return filled(inner['Fn::Sub']);
    if (inner?.Ref) return FILLED[inner.Ref.replace('AWS::', '')];
    if (inner?.['Fn::GetAtt'])
      return `arn:${FILLED.Partition}:dynamodb:${FILLED.Region}:${FILLED.AccountId}:table/${tableNameOf(stack)}`;
    return inner;
  });

const documentOf = (Statement: readonly Statement[]) => ({ Version: '2012-10-17', Statement });
const sizeOf = (statements: readonly Statement[], stack: Pick<Stack, 'table'>): number =>
  resolved(documentOf(statements), stack).length;

/** A statement as several that each fit into a managed policy. */
const pieces = (statement: LongStatement, stack: Stack): readonly Statement[] => {
  const bare = sizeOf([{ ...statement, Resource: [] }], stack);
  const all: { readonly resources: Text[] }[] = [];
  let room = 0;
  for (const one of statement.Resource) {
    const size = resolved(one, stack).length + 1;
    if (size > room) {
      all.push({ resources: [] });
      room = MAX_MANAGED_CHARS - bare;
    }
    all.at(-1)!.resources.push(one);
    room -= size;
  }
  return all.map(({ resources }) => ({ ...statement, Resource: resources }));
};

/** Longer than any statement whose resources are not a list of the settings. */
const LONG_CHARS = 2_000;
const isLong =
  (stack: Stack) =>
  (statement: Statement): statement is LongStatement =>
    statement.Resource !== '*' && sizeOf([statement], stack) > LONG_CHARS;

/** The settings with lists that statements are made of, and how many are in them. */
const longSettings = ({ settings, roles, secrets }: Stack): readonly string[] => {
  const { images, published } = ec2SettingsOf(settings);
  const lists: Readonly<Record<string, readonly string[]>> = {
    'adapter.settings.published.networks': Array.isArray(published?.networks) ? published.networks : [],
    'adapter.settings.images.ids': images?.ids ?? [],
    'adapter.settings.images.owners': images?.owners ?? [],
    'adapter.settings.roles': roles,
    secrets: [...secrets.parameters, ...secrets.secrets],
  };
  return Object.entries(lists)
    .filter(([, { length }]) => length > 10)
    .map(([name, { length }]) => `${name} has ${length}`);
};

/** Moves statements from the end of a role into policies beside it until the role fits. */
const overflow = (statements: readonly Statement[], stack: Stack) => {
  const inline = [...statements];
  const managed: Statement[][] = [];
  while (sizeOf(inline, stack) > MAX_INLINE_CHARS) {
    const last = inline.pop()!;
    const policy = managed.at(-1);
    if (policy && sizeOf([...policy, last], stack) <= MAX_MANAGED_CHARS) policy.push(last);
    else managed.push([last]);
  }
  return { inline, managed };
};

/**
 * The statements of one role: those that stay in it, and those of each managed policy beside it. There are such only
 * where the role itself would be too long: first the statements with lists of the settings, then the last ones.
 * @throws {Error} naming the settings that are too long even so
 */
export const policiesOf = (
  statements: readonly Statement[],
  stack: Stack,
): { readonly inline: readonly Statement[]; readonly managed: readonly (readonly Statement[])[] } => {
  if (sizeOf(statements, stack) <= MAX_INLINE_CHARS) return { inline: statements, managed: [] };
  const long = statements.filter(isLong(stack));
  const rest = overflow(
    statements.filter((one) => !isLong(stack)(one)),
    stack,
  );
  const managed = [...long.flatMap((one) => pieces(one, stack)).map((one) => [one]), ...rest.managed];
  if (managed.length <= MAX_MANAGED) return { inline: rest.inline, managed };
  throw new Error(
    `The roles of the functions would be longer than IAM takes (${MAX_INLINE_CHARS} characters, and ${MAX_MANAGED} policies of ${MAX_MANAGED_CHARS}). ` +
      `Make these lists shorter: ${longSettings(stack).join(', ')}.`,
  );
};
