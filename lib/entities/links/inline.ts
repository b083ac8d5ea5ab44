/**
 * Inline links of a new resource: what the cloud gets of them, and what the store keeps. They are made with their
 * resource, and each keeps its values as a link that is made by itself.
 */

import type { LinkDraft, Native, NativeEnd } from '../../adapter/contract.ts';
import type { Backend } from '../backend.ts';
import { kindAdapter, mappingFor } from '../native-entity.ts';
import { held } from '../store-values.ts';
import { tagged } from '../tags.ts';
import type { PlannedLink } from './planned.ts';

/** A planned link with the values that the cloud holds, to be made with its resource. */
export function linkDraft({ kind, attributes, mixins }: PlannedLink, target: NativeEnd, backend: Backend): LinkDraft {
  const [cloud] = held(attributes, kindAdapter(kind, backend));
  return { kind, attributes: cloud, mixins, target };
}

/**
 * For each draft the link that was made from it. Two links of one kind to one target are told apart by their order, in
 * which a create returns them; what an earlier attempt has created comes in the order of the cloud.
 */
function linksMade(drafts: readonly LinkDraft[], { links = [] }: Native): readonly (Native | undefined)[] {
  const left = [...links];
  return drafts.map(({ kind, target }) => {
    const at = left.findIndex((link) => link.kind === kind && link.target?.id === target.id);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
}

/** Writes what the store keeps of inline links: the user's mixins, and values that the cloud cannot hold. */
export function keepInlineLinks(
  planned: readonly PlannedLink[],
  drafts: readonly LinkDraft[],
  native: Native,
  backend: Backend,
): Promise<void>[] {
  const links = linksMade(drafts, native);
  return planned.flatMap(({ kind, attributes, tags }, index) => {
    const link = links[index];
    const [, values] = held(attributes, kindAdapter(kind, backend));
    const extras = Object.keys(values).length > 0 ? values : undefined;
    if (!link || (!extras && tags.length === 0)) return [];
    return [keepLink(link, tags, extras, backend)];
  });
}

async function keepLink(
  { kind, id }: Native,
  tags: readonly string[],
  extras: LinkDraft['attributes'] | undefined,
  backend: Backend,
): Promise<void> {
  const ofTags = tags.length > 0 ? await tagged(tags, backend) : undefined;
  await backend.store.startAnnotation(mappingFor(kind, id, backend), { ...ofTags, extras });
}
