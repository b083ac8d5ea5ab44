/** The tags of a condition, held against what is there now. */
import type { Tags } from '../http/preconditions.ts';
import type { Letter } from '../renderings/rendering.ts';
import { tagParts } from './etag.ts';

/** What is there now, as the rendering of a letter shows it; undefined where it cannot show it. */
export type StateIn = (letter: Letter) => string | undefined | Promise<string | undefined>;

/** True if one of the tags is of the state that its rendering shows now; `strongly` leaves out the weak ones. */
export async function matchesAnyTag(tags: Tags, stateIn: StateIn, strongly: boolean): Promise<boolean> {
  if (tags === '*') return true;
  for (const { weak, opaque } of tags) {
    const parts = weak && strongly ? undefined : tagParts(opaque);
    if (parts && (await stateIn(parts.letter)) === parts.state) return true;
  }
  return false;
}
