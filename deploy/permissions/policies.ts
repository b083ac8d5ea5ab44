/** How a role's statements become policies: IAM limits how long these may be, and some lists of the settings are long. */
import { tableNameOf } from '../resources/metrics.mjs';

/** Characters without white space: of all inline policies of a role, and of a managed one, of which a role has ten. */
const [INLINE, MANAGED, MOST] = [10_240, 6_144, 10];

/** The longest of what CloudFormation fills in. */
const FILLED = { Partition: 'aws-us-gov', Region: 'ap-southeast-1', AccountId: '123456789012' };
const filled = (text) => text.replace(/\$\{AWS::(\w+)\}/g, (_, name) => FILLED[name]);

/** A value as text that is at least as long as what CloudFormation makes of it. */
const resolved = (value, stack) =>
  JSON.stringify(value, (_, inner) => {
    if (inner?.['Fn::Sub']) return filled(inner['Fn::Sub']);
    if (inner?.Ref) return FILLED[inner.Ref.replace('AWS::', '')];
    if (inner?.['Fn::GetAtt'])
      return `arn:${FILLED.Partition}:dynamodb:${FILLED.Region}:${FILLED.AccountId}:table/${tableNameOf(stack)}`;
    return inner;
  });

const documentOf = (Statement) => ({ Version: '2012-10-17', Statement });
const sizeOf = (statements, stack) => resolved(documentOf(statements), stack).length;

/** A statement as several that each fit into a managed policy. */
const pieces = (statement, stack) => {
  const bare = sizeOf([{ ...statement, Resource: [] }], stack);
  const all = [];
  let room = 0;
  for (const one of statement.Resource) {
    const size = resolved(one, stack).length + 1;
    if (size > room) {
      all.push({ ...statement, Resource: [] });
      room = MANAGED - bare;
    }
    all.at(-1).Resource.push(one);
    room -= size;
  }
  return all;
};

/** Longer than any statement whose resources are not a list of the settings. */
const LONG = 2_000;
const isLong = (stack) => (statement) => Array.isArray(statement.Resource) && sizeOf([statement], stack) > LONG;

/** The settings with lists that statements are made of, and how many are in them. */
const longSettings = ({ settings: { adapter }, roles, secrets }) => {
  const { images, published } = adapter.settings ?? {};
  const lists = {
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

/**
 * The statements of one role: those that stay in it, and those of each managed policy beside it. There are such only
 * where lists are too long for the role itself.
 * @throws {Error} naming the settings that are too long even so
 */
export const policiesOf = (statements, stack) => {
  if (sizeOf(statements, stack) <= INLINE) return { inline: statements, managed: [] };
  const long = statements.filter(isLong(stack));
  const inline = statements.filter((one) => !long.includes(one));
  const managed = long.flatMap((one) => pieces(one, stack));
  if (sizeOf(inline, stack) <= INLINE && managed.length <= MOST) {
    return { inline, managed: managed.map((one) => [one]) };
  }
  throw new Error(
    `The roles of the functions would be longer than IAM takes (${INLINE} characters, and ${MOST} policies of ${MANAGED}). ` +
      `Make these lists shorter: ${longSettings(stack).join(', ')}.`,
  );
};
