/**
 * Entity tags (RFC 9110 §8.8.3): strong tags made of a state and the letter of a rendering. The state of an entity is
 * the same in every rendering, so that a client can read it in one and change it in another.
 */
import type { Paging } from '../occi/page.ts';
import { type Answer, LETTERS, type Letter, type Rendered, type Rendering } from '../renderings/rendering.ts';
import { digest, stateOf, stateOfChanged } from './state.ts';

/** The parts of one of this endpoint's tags. */
interface TagParts {
  readonly state: string;
  readonly letter: Letter;
}

/** The letter is followed by the number of parts that were left out, if any, and by `z` if the content was compressed. */
const OURS = new RegExp(`^([0-9a-f]{32})\\.([${LETTERS.join('')}])\\d?z?$`);

/** Parses a tag without its quotes; undefined for a foreign tag. */
export function tagParts(opaque: string): TagParts | undefined {
  const [, state, letter] = OURS.exec(opaque) ?? [];
  return state === undefined ? undefined : { state, letter: letter as Letter };
}

/** The tag of a state in the rendering with that letter. */
export const tagOfState = (state: string, letter: Letter): string => `"${state}.${letter}"`;

/** The tag of the same state in a shorter form, of which the first `omitted` parts were left out. */
export const tagOfShorter = (tag: string, omitted: number): string =>
  omitted === 0 ? tag : tag.replace(/"$/, `${omitted}"`);

/** The tag of the one entity that was created or changed; undefined if the answer does not show it. */
export function tagOfChanged(answer: Answer, { letter }: Rendering): string | undefined {
  if (answer.is === 'entity') return tagOfState(stateOfChanged(answer.entity), letter);
  if (answer.is !== 'created' || answer.entities?.length !== 1) return undefined;
  return tagOfState(stateOfChanged(answer.entities[0]!), letter);
}

/**
 * The tag of a rendered answer to a GET; undefined if it shows nothing. Tags of collections and categories are digests
 * of their bytes.
 */
export function tagOf(answer: Answer, rendered: Rendered, rendering: Rendering): string | undefined {
  switch (answer.is) {
    case 'entity':
      return tagOfState(stateOf(answer.entity), rendering.letter);
    case 'collection':
      return tagOfState(stateOfPage(digestOf(contentOf(rendered)), answer.next), rendering.letter);
    case 'categories':
      return tagOfState(digestOf(contentOf(rendered)), rendering.letter);
    default:
      return undefined;
  }
}

/** The state of a page: another one once something follows it, so that a client with a copy is told of the next page. */
export const stateOfPage = (state: string, next: Paging | undefined): string =>
  next === undefined ? state : digest(`${state} ${next.page} ${next.number}`);

/** Text/occi carries its content in the headers. */
const IN_HEADERS = ['Category', 'X-OCCI-Location'];

function contentOf({ headers, body }: Rendered): string {
  for (const name of IN_HEADERS) if (headers[name] !== undefined) return headers[name];
  return body;
}

/** Limits of the digest cache: 16 MB in all, or 32 MB for text beyond Latin-1. */
const MAX_DIGESTS = 16;
const MAX_TEXT_CHARS = 1024 * 1024;

let recent: readonly { readonly text: string; readonly digest: string }[] = [];

/**
 * The digest of a text. Clients that poll a cloud get the same listing repeatedly: most texts are the same string
 * objects as before, and comparing equal strings takes a twentieth of the time of a digest.
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
