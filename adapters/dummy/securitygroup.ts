/** Security groups (EXT-7): their rules are stored unchanged. */
import type { KindAdapter } from '../../lib/adapter/contract.ts';
import { typeId } from '../../lib/occi/types.ts';
import { changed } from './changes.ts';
import { type Cloud, changeRow } from './cloud.ts';
import { removeShared } from './links/targets.ts';
import { insert, keptAttributes, readsOf, refusePublished } from './resources.ts';
import { NEW_STATE } from './states.ts';

export const securitygroup = (cloud: Cloud): KindAdapter<'securitygroup'> => ({
  ...readsOf(cloud, 'securitygroup'),

  create(draft, token) {
    return insert(cloud, 'securitygroup', token, () => ({
      attributes: {
        'occi.securitygroup.rules': [],
        ...keptAttributes(draft.attributes),
        'occi.securitygroup.state': NEW_STATE.securitygroup,
      },
      mixins: draft.mixins.map(typeId),
    }));
  },

  async update(id, change) {
    refusePublished(cloud, 'securitygroup', id);
    await changeRow(cloud, 'securitygroup', id, (row) => {
      const { attributes, mixins } = changed('securitygroup', row, change);
      return { ...row, attributes: { 'occi.securitygroup.rules': [], ...attributes }, mixins };
    });
    return readsOf(cloud, 'securitygroup').get(id);
  },

  async remove(id) {
    refusePublished(cloud, 'securitygroup', id);
    await removeShared(cloud, 'securitygroup', id);
  },
});
