/** Makes groups: with all of their rules, or not at all. */
import * as z from 'zod';
import type { Draft } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { markOf } from '../mark.ts';
import { type SecurityGroup, securityGroupAnswer } from '../native/security-group.ts';
import { groupOfToken, isUnfinished } from './reads.ts';
import { fromRules, type Wanted } from './rule-entries.ts';
import { fillNew } from './write-rules.ts';

/** The group that an earlier attempt has begun or made: 2 calls at once. */
async function earlier(cloud: Cloud, token: string): Promise<SecurityGroup | undefined> {
  const [tagged, begun] = await Promise.all([
    groupOfToken(cloud, token, 'tags'),
    groupOfToken(cloud, token, 'description'),
  ]);
  return tagged ?? begun;
}

/** What is left of a create: tag and rules, and as the last step the description, until then the mark of the token. */
async function finish(
  cloud: Cloud,
  begun: SecurityGroup,
  token: string,
  { wanted, summary }: { readonly wanted: readonly Wanted[] | undefined; readonly summary: string },
): Promise<SecurityGroup> {
  const { client } = cloud;
  const { id } = begun;
  await client.call('network', 'PUT', path`security-groups/${id}/tags`, z.unknown(), {
    body: { tags: [markOf(token)] },
    repeatable: true,
  });
  if (wanted) await fillNew(cloud, begun, wanted);
  const { value } = await client.call('network', 'PUT', path`security-groups/${id}`, securityGroupAnswer, {
    body: { security_group: { description: summary } },
    repeatable: true,
  });
  return value.security_group;
}

/** Takes back what cannot be finished; if that fails too, a repeated create goes on with what is there. */
async function takeBack({ client }: Cloud, id: string, cause: unknown): Promise<OcciError> {
  const failure = toOcciError(cause, 'securitygroup');
  try {
    await client.call('network', 'DELETE', path`security-groups/${id}`, z.unknown(), { repeatable: true });
    return failure;
  } catch {
    const { message, headers } = failure;
    return new OcciError(failure.failure, message, { cause, headers, unknownOutcome: true });
  }
}

/**
 * A group: 5 calls; with rules 1 more for all of them, and 1 for each of Neutron's own. Neutron puts
 * rules for all that goes out into a new group: a draft with rules has just these, one without keeps Neutron's. Throws
 * `OcciError`.
 */
export async function makeGroup(cloud: Cloud, draft: Draft<'securitygroup'>, token: string): Promise<SecurityGroup> {
  const { 'occi.core.title': name = '', 'occi.core.summary': summary = '', [RULES]: rules } = draft.attributes;
  const wanted = rules === undefined ? undefined : fromRules(rules);
  let group = await earlier(cloud, token);
  if (group && !isUnfinished(group)) return group;
  try {
    if (!group) {
      const body = { security_group: { name, description: markOf(token) } };
      const { value } = await cloud.client.call('network', 'POST', path`security-groups`, securityGroupAnswer, {
        body,
      });
      group = value.security_group;
    }
    return await finish(cloud, group, token, { wanted, summary });
  } catch (error) {
    throw group ? await takeBack(cloud, group.id, error) : toOcciError(error, 'securitygroup');
  }
}
