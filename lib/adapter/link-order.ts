/** The order of a new compute's links. */
import type { LinkDraft, Native } from './contract.ts';

/**
 * The compute with its links in the order of the draft; links that the cloud adds by itself follow. Two links of one kind
 * to one target are distinguished by their order alone: `from` says whether the cloud's own come behind those of the draft
 * (`start`) or before them (`end`).
 */
export function inOrder(
  native: Native<'compute'>,
  drafts: readonly LinkDraft[],
  from: 'start' | 'end',
): Native<'compute'> {
  const links = native.links ?? [];
  const ordered: Native[] = [];
  const isFor = (draft: LinkDraft) => (link: Native) =>
    link.kind === draft.kind && link.target?.id === draft.target.id && !ordered.includes(link);
  for (const draft of from === 'start' ? drafts : drafts.toReversed()) {
    const link = from === 'start' ? links.find(isFor(draft)) : links.findLast(isFor(draft));
    if (link) ordered.push(link);
  }
  if (from === 'end') ordered.reverse();
  return { ...native, links: [...ordered, ...links.filter((link) => !ordered.includes(link))] };
}
