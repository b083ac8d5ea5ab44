/**
 * Entity tags (RFC 9110 §8.8.3): strong ones, of a state and the letter of a rendering. The state of an entity is the
 * same in every rendering, so that who has read it in one may change it in another.
 */
import { type Answer, LETTERS, type Letter, type Rendered, type Rendering } from '../renderings/rendering.ts';
import { digest, stateOf, stateOfChanged } from './state.ts';

/** What a tag of ours says. */
export interface TagParts {
  readonly state: string;
  readonly letter: Letter;
}

/** The `z` stands behind the letter where the content was compressed. */
const OURS = new RegExp(`^([0-9a-f]{32})\\.([${LETTERS.join('')}])z?$`);

/** The parts of a tag, without its quotes; undefined for one that is not ours. */
export function tagParts(opaque: string): TagParts | undefined {
  const [, state, letter] = OURS.exec(opaque) ?? [];
  return state === undefined ? undefined : { state, letter: letter as Letter };
}

const written = (state: string, letter: Letter): string => `"${state}.${letter}"`;

/** The tag of the one entity that a change has made or changed; undefined where it is not shown. */
export function tagOfChanged(answer: Answer, { letter }: Rendering): string | undefined {
  if (answer.is === 'entity') return written(stateOfChanged(answer.entity), letter);
  if (answer.is !== 'created' || answer.entities?.length !== 1) return undefined;
  return written(stateOfChanged(answer.entities[0]!), letter);
}

/**
 * The tag of what a GET answers, as it was rendered; undefined where nothing is shown. Collections and categories are
 * what their bytes are.
 */
export function tagOf(answer: Answer, rendered: Rendered, rendering: Rendering): string | undefined {
  switch (answer.is) {
    case 'entity':
      return written(stateOf(answer.entity), rendering.letter);
    case 'collection':
    case 'categories':
      return written(digestOf(contentOf(rendered)), rendering.letter);
    default:
      return undefined;
  }
}

/** Text/occi carries its content in the headers. */
const IN_HEADERS = ['Category', 'X-OCCI-Location'];

function contentOf({ headers, body }: Rendered): string {
  for (const name of IN_HEADERS) if (headers[name] !== undefined) return headers[name];
  return body;
}

/** Texts whose digests are kept: so many, and no longer ones, 16 MB in all, or 32 MB beyond Latin-1. */
const MAX_DIGESTS = 16;
const MAX_TEXT_CHARS = 1024 * 1024;

let recent: readonly { readonly text: string; readonly digest: string }[] = [];

/**
 * The digest of a text. Who watches a cloud gets the same listing again and again: most texts are the very strings that
 * came before, and to compare equal ones takes a twentieth of the time of a digest.
 */
function digestOf(text: string): string {
  const [first] = recent;
  if (first?.text === text) return first.digest;
  const known = recent.find((one) => one.text === text);
  if (known) return known.digest;
  const made = { text, digest: digest(text) };
  if (text.length <= MAX_TEXT_CHARS) recent = [made, ...recent.slice(0, MAX_DIGESTS - 1)];
  return made.digest;
}
