/** Action links that a client sends back with an entity. They have no effect, but must belong to that entity. */

import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import type { AnyEntity } from '../../occi/entity.ts';
import { KINDS, type KindTerm } from '../../occi/kinds/index.ts';
import { actionScheme, type Kind } from '../../occi/types.ts';
import { unknownAction } from '../../occi/unknown.ts';
import type { Part } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import { isWayTo, referred } from '../locate.ts';

type ActionLink = Part['actions'][number];

const termOf = ({ uri }: ActionLink): string => uri.slice(uri.lastIndexOf('action=') + 'action='.length);

/** Throws `invalid` for an action link of an action that the kind does not have. */
export function checkActions(actions: readonly ActionLink[], kind: KindTerm): void {
  for (const action of actions) {
    const known = Object.keys((KINDS[kind] as Kind).actions ?? {});
    const term = known.find((one) => action.rel === actionScheme(KINDS[kind]) + one);
    if (term === undefined) throw unknownAction(action.rel, kind);
    if (term === termOf(action)) continue;
    throw new OcciError('invalid', `The action link ${action.uri.slice(0, 200)} names another action than its rel.`);
  }
}

/** Throws `invalid` for an action link of another entity, or of an unknown action. */
export async function checkActionLinks(
  actions: readonly ActionLink[],
  kind: KindTerm,
  { location, id }: Pick<AnyEntity, 'location' | 'id'>,
  backend: Backend,
): Promise<void> {
  checkActions(actions, kind);
  for (const { uri } of actions) {
    const path = uri.slice(0, uri.indexOf('?'));
    // In JSON an action has no path.
    if (path === '' || isWayTo(location, path, backend)) continue;
    if ((await referred(path, [kind], backend))?.uuid === bareId(id)) continue;
    throw new OcciError('invalid', `The action link ${uri.slice(0, 200)} is not of ${location}: invoke it with POST.`);
  }
}
