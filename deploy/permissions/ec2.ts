/**
 * Rights in EC2, for the functions that act on it and only with the adapter ec2. Several tenants share the account of
 * the function's own role, so whatever is changed must have a tenant's tag, and whatever is made must get one. IAM cannot
 * distinguish the tenants, since one role works for all callers: that is the adapter's task.
 */

import type * as z from 'zod';
import type { settings as schema } from '../../adapters/ec2/config.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { arn } from '../stack/names.ts';
import type { Statement, WrittenSettings } from '../stack/stack.ts';
import { callsFor } from './ec2-calls.ts';
import { type Asked, ON, TAGGED } from './ec2-resources.ts';

/** The adapter's settings as a deployment writes them. */
type Settings = z.input<typeof schema>;

/** A statement without effect and actions. */
type Rest = Pick<Statement, 'Resource' | 'Condition'>;

/** The settings of the adapter ec2, which the check of the file has found valid. */
export const ec2SettingsOf = ({ adapter: { settings = {} } }: Pick<WrittenSettings, 'adapter'>): Settings =>
  settings as Settings;

/** Tags that may be written to what is there; not that of the tenant, which would make it another's. */
export const TAG_KEYS = ['Name', 'occi:mixins', 'occi:released', 'occi:link-token', 'occi:link:*', 'occi:address:*'];

const TENANT = 'occi:tenant';

/** CloudFormation writes it to what it makes. */
const STACK = 'aws:ResourceTag/aws:cloudformation:stack-name';

/** Images and snapshots have no account in their ARNs. */
const resource = (type: string, { region }: Settings, id = '*') =>
  arn('ec2', `${type}/${id}`, { region, ...(type === 'image' || type === 'snapshot' ? { account: '' } : {}) });

const actions = (calls: readonly string[]): readonly string[] => calls.map((call) => `ec2:${call}`);

/** What is asked of a resource, as resources and conditions; several rows where one of them is enough. */
const ASKED: Readonly<Record<Asked, (types: readonly string[], settings: Settings) => readonly Rest[]>> = {
  own: (types, settings) => [
    { Resource: types.map((type) => resource(type, settings)), Condition: tenantsOwn(settings) },
  ],
  made: (types, settings) => [
    {
      Resource: types.map((type) => resource(type, settings)),
      Condition: { Null: { [`aws:RequestTag/${TENANT}`]: 'false' } },
    },
  ],
  image: (_types, settings) => {
    const { ids = [], owners = ['self'], default: first } = settings.images ?? {};
    const named = [...new Set([...ids, ...(first ? [first] : [])])];
    return [
      {
        Resource: [resource('image', settings)],
        // The images that users save belong to the account.
        Condition: {
          StringEquals: {
            'ec2:Owner': [...new Set(['self', ...owners])].map((owner) =>
              owner === 'self' ? { Ref: 'AWS::AccountId' } : owner,
            ),
          },
        },
      },
      ...(named.length > 0 ? [{ Resource: named.map((id) => resource('image', settings, id)) }] : []),
    ];
  },
  subnet: (_types, settings) => {
    const { published, subnet, tenancy } = settings;
    // Machines may start in a subnet that a stack has made: they do not change it.
    if (tenancy === 'single' || !Array.isArray(published?.networks))
      return [{ Resource: [resource('subnet', settings)] }];
    const named = [...new Set([...published.networks, ...(subnet ? [subnet] : [])])];
    return [
      { Resource: [resource('subnet', settings)], Condition: tenantsOwn(settings) },
      { Resource: named.map((id) => resource('subnet', settings, id)) },
    ];
  },
  vpc: (_types, settings) => [{ Resource: [resource('vpc', settings, settings.vpc)] }],
  pool: (_types, settings) => {
    const pools = (settings.floatingIpPools ?? []).map(({ pool }) => pool);
    return pools.length > 0 ? [{ Resource: pools.map((id) => resource('ipv4pool-ec2', settings, id)) }] : [];
  },
  any: (types, settings) => [{ Resource: types.map((type) => resource(type, settings)) }],
};

/**
 * What may be changed has a tenant's tag. With `tenancy: single` the one tenant has what is there without a tag as
 * well, but not what CloudFormation has made: that is of a stack, and would be made again or be missed there.
 */
const tenantsOwn = ({ tenancy }: Pick<Settings, 'tenancy'>) => ({
  Null: tenancy === 'single' ? { [STACK]: 'true' } : { [`aws:ResourceTag/${TENANT}`]: 'false' },
});

/** The opposite, for statements that deny. */
export const notOwn = ({ tenancy }: Pick<Settings, 'tenancy'>) => ({
  Null: tenancy === 'single' ? { [STACK]: 'false' } : { [`aws:ResourceTag/${TENANT}`]: 'true' },
});

/** Calls that ask the same of the same resources share a statement. */
const changeStatements = (calls: readonly string[], settings: Settings): readonly Statement[] => {
  const groups = new Map<
    string,
    { readonly asked: Asked; readonly types: readonly string[]; readonly calls: string[] }
  >();
  for (const call of calls) {
    const byAsked = groupBy(Object.entries(ON[call] ?? {}), ([, asked]) => asked);
    for (const [asked, entries] of byAsked) {
      const types = entries.map(([type]) => type);
      const key = JSON.stringify([asked, types]);
      const group = groups.get(key) ?? { asked, types, calls: [] };
      groups.set(key, group);
      group.calls.push(call);
    }
  }
  return [...groups.values()].flatMap(({ asked, types, calls: same }) =>
    ASKED[asked](types, settings).map((rest) => statement(actions(same), rest)),
  );
};

const groupBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, readonly T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

const statement = (Action: readonly string[], { Resource, Condition }: Rest): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

/** Tags at creation, and later on what is the tenant's. */
const tagStatements = (
  kinds: readonly KindTerm[],
  calls: readonly string[],
  settings: Settings,
): readonly Statement[] => {
  const creating = calls.filter((call) => Object.values(ON[call] ?? {}).includes('made'));
  const made = creating.flatMap((call) => Object.entries(ON[call] ?? {}).filter(([, asked]) => asked === 'made'));
  const types = (all: readonly string[]) => [...new Set(all)].sort().map((type) => resource(type, settings));
  const later = types(kinds.flatMap((kind) => TAGGED[kind]));
  return [
    ...(creating.length > 0
      ? [
          statement(['ec2:CreateTags'], {
            Resource: types(made.map(([type]) => type)),
            Condition: { StringEquals: { 'ec2:CreateAction': creating } },
          }),
        ]
      : []),
    ...(later.length > 0
      ? [
          statement(['ec2:CreateTags', 'ec2:DeleteTags'], {
            Resource: later,
            Condition: {
              // Who names no tags deletes all of them.
              Null: { ...tenantsOwn(settings).Null, 'aws:TagKeys': 'false' },
              'ForAllValues:StringLike': { 'aws:TagKeys': TAG_KEYS },
            },
          }),
        ]
      : []),
  ];
};

/** Users make networks only in the VPC that the settings name. */
const isPossible = (settings: Settings) => (call: string) => call !== 'CreateSubnet' || settings.vpc !== undefined;

/** Statements in the account of the function's own role. */
const ownAccount = (name: string, settings: Settings): readonly Statement[] => {
  const { reads, changes, kinds } = callsFor(name);
  const possible = changes.filter(isPossible(settings));
  const calls = possible.filter((call) => call !== 'CreateTags' && call !== 'DeleteTags');
  // Describe calls know neither resources nor tags; the region is all that can be asked. IAM refuses an empty list.
  const region: Rest = { Resource: '*', Condition: { StringEquals: { 'ec2:Region': settings.region } } };
  return [
    ...(reads.length > 0 ? [statement(actions(reads), region)] : []),
    ...changeStatements(calls, settings),
    ...tagStatements(kinds, calls, settings),
  ];
};

/** Statements for a function; none with another cloud, and none if no caller uses the function's own role. */
export function ec2Statements(name: string, { adapter }: Pick<WrittenSettings, 'adapter'>): readonly Statement[] {
  if (adapter.name !== 'ec2') return [];
  const settings = ec2SettingsOf({ adapter });
  return settings.others === 'refuse' ? [] : ownAccount(name, settings);
}
