/** Filters that the emulator does not have, or answers from what it knows and not from what is shown. */
import type { Call, Filter } from './call.ts';
import { INSTANCE_FILTERS } from './instance-filters.ts';
import type { ListingName } from './listings.ts';
import { invalidValue } from './refusal.ts';
import { all, type Element, textAt } from './xml.ts';

export type Paths = Readonly<Record<string, readonly string[]>>;

/** Filter → where the values that it looks at are. */
const OWN: { readonly [A in ListingName]?: Paths } = {
  DescribeInstances: INSTANCE_FILTERS,
  DescribeVolumes: {
    status: ['status'],
    'volume-type': ['volumeType'],
    'attachment.status': ['attachmentSet', 'item', 'status'],
  },
  DescribeSnapshots: { status: ['status'] },
  DescribeImages: { state: ['imageState'] },
  DescribeNetworkInterfaces: {
    status: ['status'],
    'interface-type': ['interfaceType'],
    'attachment.status': ['attachment', 'status'],
    'attachment.device-index': ['attachment', 'deviceIndex'],
    'attachment.instance-id': ['attachment', 'instanceId'],
    'attachment.delete-on-termination': ['attachment', 'deleteOnTermination'],
    'association.public-ip': ['association', 'publicIp'],
    'association.association-id': ['association', 'associationId'],
    'association.allocation-id': ['association', 'allocationId'],
  },
};

const asPattern = (value: string): RegExp =>
  new RegExp(
    `^${value
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    's',
  );

/** What the emulator is asked instead, and what is left for its answer; of instances, that is all of them. */
export const splitFilters = (call: Call, action: ListingName): { readonly call: Call; readonly own: Filter[] } => {
  const filters = call.filters();
  const paths = OWN[action] ?? {};
  const isOwn = ({ name }: Filter) => action === 'DescribeInstances' || Object.hasOwn(paths, name);
  const own = filters.filter(isOwn);
  for (const { name } of own) {
    if (!Object.hasOwn(paths, name) && !name.startsWith('tag:')) throw invalidValue(`The filter '${name}' is invalid`);
  }
  const params = filters
    .filter((filter) => !isOwn(filter))
    .flatMap(({ name, values }, n) => [
      [`Filter.${n + 1}.Name`, name],
      ...values.map((value, m) => [`Filter.${n + 1}.Value.${m + 1}`, value]),
    ]);
  return { call: call.with(Object.fromEntries(params), ['Filter']), own };
};

const valuesOf = (item: Element, action: ListingName, filter: string): string[] => {
  const path = OWN[action]![filter];
  if (path) return all(item, ...path).map((one) => textAt(one));
  const tags = all(item, 'tagSet', 'item').filter((tag) => `tag:${textAt(tag, 'key')}` === filter);
  return tags.map((tag) => textAt(tag, 'value'));
};

/** Whether an item, as it is shown, passes all of them. */
export const passes = (item: Element, action: ListingName, own: readonly Filter[]): boolean =>
  own.every(({ name, values }) => {
    const found = valuesOf(item, action, name);
    return values.map(asPattern).some((pattern) => found.some((value) => pattern.test(value)));
  });
