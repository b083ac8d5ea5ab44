/** Security groups: rules for a machine's interfaces. Every user may use `default`; other users' groups are hidden. */

import * as z from 'zod';
import type { Change, Draft, KindAdapter, Native, NativeId, PageQuery } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Call } from '../api/client.ts';
import { translateErrors } from '../api/errors.ts';
import { changeAndRead } from '../api/multicall.ts';
import { type PoolCall, readHighest, readPage, readPool } from '../api/pages.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import { type Cloud, isOwn, objectId } from '../cloud.ts';
import { POOL_FILTER } from '../config.ts';
import { heldBy } from '../machine/holders.ts';
import { type SecurityGroup, securityGroup, securityGroupPool } from '../native/index.ts';
import { securityGroupState } from '../states.ts';
import { describing, ourTexts, UPDATE } from '../template/descriptions.ts';
import { isHeld, suffixOf, uniqueNameOf } from '../template/naming.ts';
import { encodeTemplate } from '../template/write.ts';
import { fromRules } from './rule-entries.ts';
import { toRules } from './rules.ts';

const noSuchGroup = (): OcciError => new OcciError('notFound', 'There is no such securitygroup.');

export async function toSecuritygroup(cloud: Cloud, group: SecurityGroup): Promise<Native<'securitygroup'>> {
  const { rules, hidden } = toRules(group.TEMPLATE.RULE);
  const { state, message } = securityGroupState(group);
  const kept = hidden.length === 0 ? undefined : `${hidden.length} of its rules, about networks, cannot be shown.`;
  const says = [message, kept].filter((one) => one !== undefined).join(' ');
  return {
    kind: 'securitygroup',
    id: String(group.ID),
    attributes: {
      ...ourTexts(group.NAME, group.TEMPLATE),
      [RULES]: rules,
      'occi.securitygroup.state': state,
      ...(says !== '' && { 'occi.securitygroup.state.message': says }),
    },
    mixins: [],
    links: [],
    ...(!isOwn(cloud.settings, await cloud.verdict(), group) && { published: true }),
  };
}

function fromOcci({ attributes }: Draft<'securitygroup'>, token: string): string {
  const { name, attributes: own } = uniqueNameOf('securitygroup', attributes['occi.core.title'], token);
  const DESCRIPTION = attributes['occi.core.summary'];
  return encodeTemplate({ NAME: name, ...own, DESCRIPTION, RULE: fromRules(attributes[RULES] ?? []) });
}

/** Rules are replaced all together; those that OCCI cannot show stay. oned brings them to the machines by itself. */
function ruleChanges({ ID, TEMPLATE }: SecurityGroup, { set, unset }: Change<'securitygroup'>): Call<number>[] {
  const rules = set[RULES] ?? (unset.includes(RULES) ? [] : undefined);
  if (rules === undefined) return [];
  const all = [...fromRules(rules), ...toRules(TEMPLATE.RULE).hidden];
  // The text form is the only one that takes all away (measured on 6.10).
  const template = all.length > 0 ? encodeTemplate({ RULE: all }) : 'RULE=[]';
  return [{ method: 'one.secgroup.update', params: [ID, template, UPDATE.append], shape: z.int() }];
}

const pool = (filter: number): PoolCall<SecurityGroup> => ({
  method: 'one.secgrouppool.info',
  before: [filter],
  shape: securityGroupPool,
  idOf: ({ ID }) => ID,
});

export const securitygroup = (cloud: Cloud): KindAdapter<'securitygroup'> => {
  const { tokens } = cloud;
  const read = async (id: NativeId): Promise<SecurityGroup> => {
    const number = objectId(id);
    if (number === undefined) throw noSuchGroup();
    return translateErrors('securitygroup', () =>
      cloud.client.call('one.secgroup.info', [number], securityGroup, { repeatable: true }),
    );
  };
  const readOwn = async (id: NativeId): Promise<SecurityGroup> => {
    const [group, verdict] = await Promise.all([read(id), cloud.verdict()]);
    if (isOwn(cloud.settings, verdict, group)) return group;
    throw new OcciError('forbidden', 'The securitygroup is published by the provider and cannot be changed.');
  };
  const readAll = (query: PageQuery) =>
    translateErrors('securitygroup', () => readPage(cloud, pool(POOL_FILTER.all), query));
  const madeUnder = async (token: string): Promise<SecurityGroup | undefined> => {
    const own = await translateErrors('securitygroup', () => readPool(cloud, pool(POOL_FILTER.own)));
    return own.find(({ NAME }) => NAME.endsWith(`-${suffixOf(token)}`));
  };

  return {
    /** 1 call per page. */
    async ids(query) {
      const page = await readAll(query);
      return { ...page, items: page.items.map(({ ID }) => String(ID)) };
    },

    async list(query) {
      const page = await readAll(query);
      return { ...page, items: await Promise.all(page.items.map((group) => toSecuritygroup(cloud, group))) };
    },

    get: async (id) => toSecuritygroup(cloud, await read(id)),
    finding: {
      by: 'number',
      highest: () => translateErrors('securitygroup', () => readHighest(cloud, pool(POOL_FILTER.all))),
    },

    async findByToken(token) {
      const group = await madeUnder(token);
      return group && toSecuritygroup(cloud, group);
    },

    /** 2 calls. */
    async create(draft, token) {
      const { uid } = await cloud.verdict();
      const template = fromOcci(draft, token);
      const made = await tokens.createOnce(`securitygroup ${uid}`, token, async () => {
        const id = await translateErrors('securitygroup', () =>
          cloud.client.call('one.secgroup.allocate', [template], z.int()),
        ).catch(async (error) => {
          const isTaken = error.cause instanceof OneRefusal && /NAME is already taken/i.test(error.cause.sentence);
          const group = isTaken ? await madeUnder(token) : undefined;
          if (!group) throw error;
          return group.ID;
        });
        return `securitygroup ${id}`;
      });
      return toSecuritygroup(cloud, await read(made.slice('securitygroup '.length)));
    },

    /** 2 requests: what it is now, and all changes with what it is then. */
    async update(id, change) {
      const group = await readOwn(id);
      const calls = [...describing('secgroup', 'securitygroup', group, change), ...ruleChanges(group, change)];
      const info: Call<SecurityGroup> = { method: 'one.secgroup.info', params: [group.ID], shape: securityGroup };
      return toSecuritygroup(cloud, await changeAndRead(cloud, 'securitygroup', calls, info));
    },

    /** 2 calls. */
    async remove(id) {
      const group = await readOwn(id);
      const users = [...group.UPDATED_VMS, ...group.OUTDATED_VMS, ...group.UPDATING_VMS, ...group.ERROR_VMS];
      if (users.length > 0) {
        const what = users.length === 1 ? 'compute resource' : 'compute resources';
        const conflict = new OcciError('conflict', `The securitygroup is used by ${users.length} ${what}.`);
        throw await heldBy(cloud, users, conflict);
      }
      await translateErrors('securitygroup', () => cloud.client.call('one.secgroup.delete', [group.ID], z.int()));
      tokens.forget(`securitygroup ${id}`);
    },

    cannotHoldValue: (name, value) => (name === 'occi.core.title' || name === 'occi.core.summary') && !isHeld(value),
  };
};
