/** RENDERINGS in order of preference, and how one is chosen. */
import { OcciError } from '../errors.ts';
import { type Range, rangeFor, readAccept } from './accept.ts';
import { excerpt } from './characters.ts';
import { parseOcciJson } from './occi-json/parse.ts';
import { renderOcciJson, renderOcciJsonError, renderOcciJsonPages } from './occi-json/render.ts';
import { occiJson11 } from './occi-json-1-1/index.ts';
import type { Letter, Rendering } from './rendering.ts';
import { TextCache } from './text-cache.ts';
import { parseTextOcci } from './text-occi/parse.ts';
import { OMITTED, renderTextOcci, renderTextOcciError } from './text-occi/render.ts';
import { parseTextPlain } from './text-plain/parse.ts';
import { renderTextPlain, renderTextPlainError } from './text-plain/render.ts';
import { renderUriList, renderUriListError } from './uri-list/render.ts';

export const textPlain: Rendering = {
  mediaTypes: ['text/plain', 'text/occi+plain'],
  letter: 'p',
  collections: 'locations',
  parse: parseTextPlain,
  render: renderTextPlain,
  renderError: renderTextPlainError,
};

export const textOcci: Rendering = {
  mediaTypes: ['text/occi'],
  letter: 'o',
  collections: 'locations',
  omits: OMITTED,
  parse: parseTextOcci,
  render: renderTextOcci,
  renderError: renderTextOcciError,
};

export const uriList: Rendering = {
  mediaTypes: ['text/uri-list'],
  letter: 'u',
  collections: 'locations',
  cannot: ['categories', 'entity'],
  render: renderUriList,
  renderError: renderUriListError,
};

export const occiJson: Rendering = {
  mediaTypes: ['application/occi+json', 'application/json'],
  letter: 'j',
  collections: 'entities',
  parse: parseOcciJson,
  render: renderOcciJson,
  renderPages: renderOcciJsonPages,
  renderError: renderOcciJsonError,
};

/** The first one is the default if the client sends no Accept header (H11-25, D-1). */
export const RENDERINGS: readonly Rendering[] = [textPlain, textOcci, uriList, occiJson];

const readable = RENDERINGS.filter((rendering) => rendering.parse);

/** The response header that lists the accepted media types (HTTP-7). */
export const ACCEPT = readable.flatMap((rendering) => rendering.mediaTypes).join(', ');

const offered = RENDERINGS.flatMap((rendering) => rendering.mediaTypes).join(', ');

/** The renderings, with the form of JSON that only old clients get. */
export const FORMS: readonly Rendering[] = [...RENDERINGS, occiJson11];

/** The rendering whose entity tags have a letter. */
export const renderingWith = (letter: Letter): Rendering => FORMS.find((rendering) => rendering.letter === letter)!;

export interface Acceptable {
  readonly rendering: Rendering;
  /** The rendering's own media type, or the alias that the client named. */
  readonly mediaType: string;
  readonly quality: number;
}

const negotiated = new TextCache<readonly Acceptable[]>();

/** A client that announces nothing newer than OCCI/1.1 gets JSON in the form of then (CLIENT-28). */
const asBefore12 = (one: Acceptable): Acceptable =>
  one.rendering === occiJson ? { ...one, rendering: occiJson11 } : one;

/**
 * The renderings that a client accepts, best first: by q, then in the client's order, within a wildcard in ours
 * (H11-25, RFC 9110 §12.5.1). `isOld` is true for a client of before OCCI 1.2. Throws `OcciError('notAcceptable')` listing
 * the offered types if none is acceptable.
 */
export function negotiate(accept: readonly string[], isOld = false): readonly Acceptable[] {
  const acceptable = negotiated.get(accept.join(','), (header) => ranked(readAccept(header)));
  if (acceptable.length > 0) return isOld ? acceptable.map(asBefore12) : acceptable;
  throw new OcciError('notAcceptable', `None of the types in Accept can be answered; there are ${offered}.`);
}

const ANY: readonly Range[] = [{ name: '*/*', quality: 1, place: 0 }];

function ranked(ranges: readonly Range[]): readonly Acceptable[] {
  const wanted = ranges.length > 0 ? ranges : ANY;
  return RENDERINGS.map((rendering) => bestTypeOf(rendering, wanted))
    .filter((best) => best !== undefined)
    .sort((one, other) => other.quality - one.quality || one.place - other.place);
}

/** An alias is used only if the client names it. */
function bestTypeOf(rendering: Rendering, ranges: readonly Range[]): (Acceptable & { place: number }) | undefined {
  return rendering.mediaTypes
    .flatMap((mediaType) => {
      const range = rangeFor(mediaType, ranges);
      if (!range || range.quality <= 0) return [];
      if (mediaType !== rendering.mediaTypes[0] && range.name !== mediaType) return [];
      return [{ rendering, mediaType, quality: range.quality, place: range.place }];
    })
    .sort((one, other) => other.quality - one.quality || one.place - other.place)[0];
}

const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/**
 * The rendering of a request body: the first type of the Content-Type header that can be read, since clients send
 * several (CLIENT-1). Throws `OcciError('unsupportedMediaType')` if no type can be read, or for an unsupported charset.
 */
export const renderingOf = (contentType: string): Rendering => named.get(contentType, readContentType);

const named = new TextCache<Rendering>();

function readContentType(contentType: string): Rendering {
  for (const element of contentType.split(',')) {
    const [type = '', ...parameters] = element.split(';');
    const mediaType = type.trim().toLowerCase();
    const rendering = readable.find((one) => one.mediaTypes.includes(mediaType));
    if (!rendering) continue;
    refuseCharset(parameters);
    return rendering;
  }
  throw new OcciError('unsupportedMediaType', `The Content-Type "${excerpt(contentType)}" is not one of ${ACCEPT}.`);
}

function refuseCharset(parameters: readonly string[]): void {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    const charset = value.trim().replaceAll('"', '').toLowerCase();
    if (name.trim().toLowerCase() !== 'charset' || CHARSETS.has(charset)) continue;
    throw new OcciError('unsupportedMediaType', `The charset "${excerpt(charset)}" is not understood; send UTF-8.`);
  }
}
