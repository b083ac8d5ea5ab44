/** Compares the tags of a condition with the current state. */
import type { Tags } from '../http/preconditions.ts';
import type { Letter } from '../renderings/rendering.ts';
import { tagParts } from './etag.ts';

/** The current state in the rendering with that letter; undefined if the rendering cannot show it. */
type StateIn = (letter: Letter) => string | undefined | Promise<string | undefined>;

/** True if one of the tags matches the current state in its rendering; `strongly` ignores weak tags. */
export async function matchesAnyTag(tags: Tags, stateIn: StateIn, strongly: boolean): Promise<boolean> {
  if (tags === '*') return true;
  for (const { weak, opaque } of tags) {
    const parts = weak && strongly ? undefined : tagParts(opaque);
    if (parts && (await stateIn(parts.letter)) === parts.state) return true;
  }
  return false;
}
