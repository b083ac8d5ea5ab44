/** The securitygroup kind: an EC2 security group with exactly the rules that the client set. */
import * as z from 'zod';
import type { KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, orGone, translateErrors } from '../api/errors.ts';
import { readMade } from '../api/visibility.ts';
import { type Cloud, cannotTitle, memoryOf, mustBeOwn } from '../cloud.ts';
import type { SecurityGroup } from '../native/index.ts';
import { sweep, usersOf } from '../network/interface-cleanup.ts';
import { retitle } from '../titles.ts';
import { madeUnder, makeGroup } from './create.ts';
import { isUnfinished } from './permissions.ts';
import { readGroup, readGroups, toSecuritygroup } from './reads.ts';
import { fromRules } from './rule-entries.ts';
import { putRules } from './write-rules.ts';

const IN_USE = /^(DependencyViolation|InvalidGroup\.InUse)$/;

/**
 * Deletes a group: 1 call, and 1 or 2 more if EC2 reports it in use, because interfaces that removed links have left do
 * not count as users.
 */
async function remove(cloud: Cloud, id: NativeId): Promise<void> {
  const drop = () =>
    cloud.ec2
      .call('DeleteSecurityGroup', { GroupId: id }, z.unknown())
      .catch(orGone(/^Invalid(Group(Id)?|SecurityGroupID)\.NotFound$/));
  try {
    await drop();
  } catch (error) {
    if (!isRefused(error, IN_USE)) throw error;
    const users = await sweep(cloud, [{ Name: 'group-id', Values: [id] }]);
    if (users.length > 0) {
      throw new OcciError('conflict', `The securitygroup is used by ${usersOf(users)}.`, { cause: error });
    }
    await drop().catch((again) => {
      if (!isRefused(again, IN_USE)) throw again;
      const user = 'a rule of another securitygroup, or something that is being removed';
      throw new OcciError('conflict', `The securitygroup is used by ${user}.`, { cause: again });
    });
  }
}

/** EC2 is eventually consistent: how long it may hide a new group, or show a deleted one. */
const CONSISTENCY_DELAY_SECONDS = 120;

export const securitygroup = (cloud: Cloud): KindAdapter<'securitygroup'> => {
  const memory = memoryOf(cloud, 'securitygroup');
  const get = async (id: NativeId) => toSecuritygroup(cloud, await readGroup(cloud, id));
  const readOwn = async (id: NativeId): Promise<SecurityGroup> => {
    const group = await readGroup(cloud, id);
    mustBeOwn(toSecuritygroup(cloud, group));
    return group;
  };

  return {
    /** 1 call per page, and 1 more for published groups in a shared account. */
    async list() {
      return { items: (await readGroups(cloud)).map((group) => toSecuritygroup(cloud, group)) };
    },

    /** As `list`. */
    async ids() {
      return { items: (await readGroups(cloud)).map(({ GroupId }) => GroupId) };
    },

    get,

    /** 1 call. Ignores an unfinished group, which the repeated create completes. */
    async findByToken(token) {
      const group = await translateErrors('securitygroup', () => madeUnder(cloud, token));
      return group && !isUnfinished(group) ? toSecuritygroup(cloud, group) : undefined;
    },

    /** 3 calls, and 1 for each direction that has rules. A repeated create sets the rules of the draft again. */
    async create(draft, token) {
      let fresh: Native<'securitygroup'> | undefined;
      const id = await cloud.tokens.createOnce(memory, token, async () => {
        const { group, entries } = await translateErrors('securitygroup', () =>
          makeGroup(cloud, draft, token, cloud.settings.vpc),
        );
        fresh = toSecuritygroup(cloud, group, entries);
        return group.GroupId;
      });
      return fresh ?? readMade(cloud, 'securitygroup', () => get(id));
    },

    /** 1 call, 1 for the title, and up to 2 per direction for the rules; 3 if labels change too. */
    async update(id, change) {
      const first = await readOwn(id);
      const rules = change.set[RULES] ?? (change.unset.includes(RULES) ? [] : undefined);
      const wanted = rules === undefined ? undefined : fromRules(rules);
      return translateErrors('securitygroup', async () => {
        const Tags = await retitle(cloud, 'securitygroup', { id, tags: first.Tags }, change);
        if (!wanted) return toSecuritygroup(cloud, { ...first, Tags });
        let known: SecurityGroup | undefined = first;
        const read = async () => {
          const group = known ?? (await readGroup(cloud, id));
          known = undefined;
          return group;
        };
        const { group, entries } = await putRules(cloud, read, wanted);
        return toSecuritygroup(cloud, { ...group, Tags }, entries);
      });
    },

    /** 2 calls, 3 if it is in use. */
    async remove(id) {
      await readOwn(id);
      await translateErrors('securitygroup', () => remove(cloud, id));
      cloud.tokens.forget(id);
    },

    lingers: CONSISTENCY_DELAY_SECONDS,
    appearsWithin: CONSISTENCY_DELAY_SECONDS,
    cannotHold: ['occi.core.summary'],
    cannotHoldValue: cannotTitle,
  };
};
