/** How jOCCI finds what it has created and what it lists, and what it needs of the model. CLIENT-5, CLIENT-6 and CLIENT-36. */
import type { Reply } from '../endpoint.ts';
import { mediaTypeOf } from './rocci.ts';

export const headers = (mediaType: string) => ({ 'Content-type': mediaType, Accept: mediaType });

/** `new URI(text)`: an empty text is a URI, and whitespace is refused. */
function uri(text: string): string {
  if (/\s/.test(text)) throw new Error(`Invalid location: ${text}.`);
  return text;
}

const fromHeader = ({ headers: { location } }: Reply) => {
  if (location === undefined) throw new Error("No header 'location' among headers.");
  return location.split(',').map(uri);
};

/** Locations by the media type of the answer; a body `OK` with a header is taken for text/occi. */
export function locationsIn(reply: Reply): readonly string[] {
  const isOk = reply.body.trim() === 'OK' && reply.headers.location !== undefined;
  if (mediaTypeOf(reply) === 'text/occi' || isOk) return fromHeader(reply);
  const lines = reply.body.trim().replace(/X-OCCI-Location:\s*/gi, '');
  return lines.split(/[\r\n]+/).map(uri);
}

/** Attributes of an entity in text/occi: pieces between commas that are nothing but name and value. */
export function attributesInHeaders({ headers }: Reply): ReadonlyMap<string, string> {
  const pair = /^([a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)*)=("(?:[^"\\]|\\.)*"|[0-9]+\.[0-9]+|[0-9]+|true|false);?$/;
  const matches = (headers['x-occi-attribute'] ?? '').split(',').map((piece) => pair.exec(piece));
  return new Map(matches.flatMap((match) => (match ? [[match[1]!, match[2]!] as const] : [])));
}
