/** Security groups on computes (EXT-8): each group at most once per compute. */
import type { KindAdapter } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import { typeId } from '../../lib/occi/types.ts';
import { changed } from './changes.ts';
import type { Cloud } from './cloud.ts';
import { changeAttachment, computeOf, linkKind, type Take } from './links/attachments.ts';
import { claim, claimKey, release } from './links/claims.ts';
import { isPublished, placeOf, sharedTarget } from './links/targets.ts';
import { keptAttributes } from './resources.ts';

const twice = (): OcciError => new OcciError('conflict', 'The securitygroup is already attached to this compute.');

/** Records on the group that a compute uses it. Published groups are never removed, so their users are not counted. */
export const takeGroup: Take<'securitygrouplink'> = async (cloud, holder, { target, attributes, mixins }) => {
  const { id } = target;
  if (target.kind !== 'securitygroup') {
    throw new OcciError('invalid', `A securitygrouplink ends at a securitygroup, not at a ${target.kind}.`);
  }
  await sharedTarget(cloud, 'securitygroup', id);
  const compute = computeOf(holder);
  const place = placeOf(cloud, 'securitygroup', id);
  const counted = !isPublished(cloud, 'securitygroup', id);
  const key = claimKey(place, compute);
  const had = counted ? await claim(cloud, place, compute, holder) : 'own';
  if (!had) throw twice();
  const back = async () => (had === 'taken' ? release(cloud, place.pk, key, holder) : undefined);
  try {
    await sharedTarget(cloud, 'securitygroup', id);
  } catch (error) {
    await back();
    throw error;
  }
  const end = { kind: target.kind, id };
  return {
    target: end,
    ...(counted && { claim: key }),
    release: back,
    attach(present) {
      if (present.some((link) => link.kind === 'securitygrouplink' && link.target.id === id)) throw twice();
      return {
        id: `${compute}:group:${id}`,
        kind: 'securitygrouplink',
        target: end,
        attributes: keptAttributes(attributes),
        mixins: mixins.map(typeId),
        token: holder.token,
        ...(counted && { claim: key }),
      };
    },
  };
};

export const securitygrouplink = (cloud: Cloud): KindAdapter<'securitygrouplink'> =>
  linkKind(cloud, 'securitygrouplink', takeGroup, async (id, change) => {
    await changeAttachment(cloud, 'securitygrouplink', id, (link) => ({
      ...link,
      ...changed('securitygrouplink', link, change),
    }));
  });
