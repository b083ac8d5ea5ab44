/** The entity tag of a collection whose text comes in pieces: the one that `tagOf` makes of the whole text. */
import { createHash } from 'node:crypto';
import type { Paging } from '../occi/page.ts';
import type { Rendering } from '../renderings/rendering.ts';
import { stateOfPage, tagOfState } from './etag.ts';
import { STATE_DIGITS } from './state.ts';

export class RunningTag {
  readonly #hash = createHash('sha1');

  add(piece: string): void {
    this.#hash.update(piece);
  }

  end({ letter }: Pick<Rendering, 'letter'>, next?: Paging): string {
    return tagOfState(stateOfPage(this.#hash.digest('hex').slice(0, STATE_DIGITS), next), letter);
  }
}
