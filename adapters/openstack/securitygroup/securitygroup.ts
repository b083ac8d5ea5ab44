/** Security groups of Neutron. Those of other projects that are shared with the caller's, and its default, are published. */
import type { Change, KindAdapter, NativeId } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { type SecurityGroup, securityGroupAnswer } from '../native/security-group.ts';
import { isHeld } from '../network/texts.ts';
import {
  groupOfToken,
  isUnfinished,
  ownershipOf,
  readGroup,
  readGroupIds,
  readGroups,
  toSecuritygroup,
} from './reads.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';

const textsOf = ({ set, unset }: Change<'securitygroup'>) => {
  const wanted = (name: typeof TITLE | typeof SUMMARY) => set[name] ?? (unset.includes(name) ? '' : undefined);
  const [name, description] = [wanted(TITLE), wanted(SUMMARY)];
  return name === undefined && description === undefined ? undefined : { name, description };
};

export const securitygroup = (cloud: Cloud): KindAdapter<'securitygroup'> => {
  const { client, tokens } = cloud;
  const shown = async (group: SecurityGroup) => toSecuritygroup(group, (await cloud.session()).projectId);

  /** Throws `forbidden` for a group of another project, and for the default one. */
  const requireOwn = async (group: SecurityGroup, isDefaultToo: boolean): Promise<void> => {
    const ownership = ownershipOf(group, (await cloud.session()).projectId);
    if (ownership === 'shared') {
      throw new OcciError('forbidden', 'The securitygroup belongs to another project and cannot be changed.');
    }
    if (ownership === 'default' && !isDefaultToo) {
      const what = 'cannot be renamed or deleted; its rules can be changed';
      throw new OcciError('forbidden', `The securitygroup is the default one of the project: it ${what}.`);
    }
  };

  const setRules = async (first: SecurityGroup, rules: AttributeValue): Promise<void> => {
    let known: SecurityGroup | undefined = first;
    const read = async () => {
      const group = known ?? (await readGroup(cloud, first.id));
      known = undefined;
      return group;
    };
    const [{ fromRules }, { putRules }] = await Promise.all([import('./rule-entries.ts'), import('./write-rules.ts')]);
    const wanted = fromRules(rules);
    await translateErrors('securitygroup', () => putRules(cloud, read, wanted));
  };

  const update = async (id: NativeId, change: Change<'securitygroup'>) => {
    const first = await readGroup(cloud, id);
    const texts = textsOf(change);
    await requireOwn(first, texts === undefined);
    const rules = change.set[RULES] ?? (change.unset.includes(RULES) ? [] : undefined);
    if (rules !== undefined) await setRules(first, rules);
    if (texts) {
      const { value } = await translateErrors('securitygroup', () =>
        client.call('network', 'PUT', path`security-groups/${id}`, securityGroupAnswer, {
          body: { security_group: texts },
          repeatable: true,
        }),
      );
      return shown(value.security_group);
    }
    return shown(rules === undefined ? first : await readGroup(cloud, id));
  };

  return {
    /** 1 call per page. */
    ids: (query) => readGroupIds(cloud, query),

    async list(query) {
      const [page, { projectId }] = await Promise.all([readGroups(cloud, query), cloud.session()]);
      return { ...page, items: page.items.map((group) => toSecuritygroup(group, projectId)) };
    },

    get: async (id) => shown(await readGroup(cloud, id)),
    finding: { by: 'uuid' },

    /** 1 call. Ignores an unfinished group, which the repeated create completes. */
    async findByToken(token) {
      const group = await groupOfToken(cloud, token, 'tags');
      return group && !isUnfinished(group) ? shown(group) : undefined;
    },

    async create(draft, token) {
      const { projectId } = await cloud.session();
      let fresh: SecurityGroup | undefined;
      const made = await tokens.createOnce(`securitygroup ${projectId}`, token, async () => {
        fresh = await (await import('./create.ts')).makeGroup(cloud, draft, token);
        return fresh.id;
      });
      return shown(fresh ?? (await readGroup(cloud, made)));
    },

    /** 1 call, 1 for its texts; for rules 1 for all new ones, 1 for each that goes, and 1 to read it again. */
    update,

    /** 2 calls, 3 if it is in use. */
    async remove(id) {
      await requireOwn(await readGroup(cloud, id), false);
      await (await import('./remove.ts')).removeGroup(cloud, id);
      tokens.forget(id);
    },

    /** Neutron keeps the name `default`, in any case of its letters, for a group of its own. */
    cannotHoldValue: (name, value) =>
      (name === TITLE && (!isHeld(value) || value === '' || /^default$/i.test(String(value)))) ||
      (name === SUMMARY && (!isHeld(value) || value === '')),
  };
};
