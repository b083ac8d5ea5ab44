import { memoByObject } from '../../memo-by-object.ts';
import { isShownApart } from '../../occi/entity.ts';
import { type Attributes, type Category, typeId } from '../../occi/types.ts';
import { emptyAttributes } from '../attributes.ts';
import { excerpt, isUriReference } from '../characters.ts';
import type { ParsedLink, Part } from '../rendering.ts';
import { readAttribute } from './attribute.ts';
import { readIdentifiers } from './category.ts';
import type { Cursor } from './cursor.ts';
import { readQuoted } from './quoted.ts';
import { quote } from './quoting.ts';
import { writeValue } from './value.ts';

/** Reads one line or header of links (TXT-7) and action links (TXT-8), or of nothing. Throws `OcciError('invalid')`. */
export function readLinks(cursor: Cursor, links: ParsedLink[], actions: Part['actions'][number][]): void {
  while (cursor.nextElement()) {
    const link = readLink(cursor);
    if (link.category === undefined && isAction(link.target)) actions.push({ uri: link.target, rel: link.rel[0]! });
    else links.push(link);
  }
}

/** True for `…?action=term`; looked for from the end, where it must stand. */
function isAction(target: string): boolean {
  const at = target.lastIndexOf('action=');
  const before = target.charAt(at - 1);
  const term = target.slice(at + 7);
  return at > 0 && (before === '?' || before === '&') && term !== '' && !term.includes('&') && !term.includes('#');
}

function readTarget(cursor: Cursor): string {
  const between = cursor.between('<', '>');
  if (between === undefined) cursor.fail(`"${cursor.rest()}" does not begin with a target in angle brackets`);
  const target = between.trim();
  if (!isUriReference(target)) cursor.fail(`the target "${excerpt(target)}" is not a URI`);
  return target;
}

function readLink(cursor: Cursor): ParsedLink {
  const target = readTarget(cursor);
  const attributes = emptyAttributes();
  let rel: readonly string[] | undefined;
  let self: string | undefined;
  let category: readonly string[] | undefined;
  while (cursor.nextParameter()) {
    const name = cursor.name();
    if (name === '' || !cursor.equals()) cursor.fail(`the link to ${excerpt(target)} has a parameter without a value`);
    switch (name) {
      case 'rel':
        if (rel) cursor.fail(`the link to ${excerpt(target)} has two values for rel`);
        rel = readIdentifiers(cursor, name, readReference(cursor, name));
        break;
      case 'category':
        if (category) cursor.fail(`the link to ${excerpt(target)} has two values for category`);
        category = readIdentifiers(cursor, name, readReference(cursor, name));
        break;
      case 'self':
        if (self !== undefined) cursor.fail(`the link to ${excerpt(target)} has two values for self`);
        self = readReference(cursor, name);
        if (!isUriReference(self)) cursor.fail(`the value of self, "${excerpt(self)}", is not a URI`);
        break;
      default:
        readAttribute(cursor, name, attributes);
    }
  }
  if (!rel?.length) cursor.fail(`the link to ${excerpt(target)} has no rel`);
  const link: ParsedLink = { target, rel, attributes };
  return self === undefined && !category?.length
    ? link
    : { target, rel, ...(self !== undefined && { self }), ...(category?.length && { category }), attributes };
}

const readReference = (cursor: Cursor, name: string): string =>
  cursor.isQuoted() ? readQuoted(cursor, name) : cursor.fail(`the value of ${name} is not quoted`);

/** Percent-encodes the characters of a location that would end the line or the angle brackets. */
const bracketable = (location: string): string =>
  isUriReference(location) ? location : encodeURI(Buffer.from(location).toString());

/** Target, `rel`, `self` and `category` of a link line (TXT-7); its attributes follow. */
export function writeLinkHead(target: string, rel: string, self?: string, category?: string): string {
  let head = `<${bracketable(target)}>; rel=${quote(rel)}`;
  if (self !== undefined) head += `; self=${quote(self)}`;
  return category ? `${head}; category=${quote(category)}` : head;
}

/** `; name=value` for each attribute of a link: clients read them in the line (CLIENT-20). */
export function writeLinkAttributes(attributes: Attributes): string {
  let text = '';
  for (const name in attributes) {
    if (!isShownApart(name)) text += `; ${name}=${writeValue(name, attributes[name]!)}`;
  }
  return text;
}

/** The actions of a kind in a state are one array for all entities, so what follows the location is made once. */
const actionTails = memoByObject((actions: readonly Category[]) =>
  actions.map((action) => `?action=${action.term}>; rel=${quote(typeId(action))}`),
);

/** Adds an action link for each action: a path and its action, nothing else (TXT-8, D-15). */
export function writeActionLinks(location: string, actions: readonly Category[], lines: string[]): void {
  if (actions.length === 0) return;
  const head = `<${bracketable(location)}`;
  for (const tail of actionTails(actions)) lines.push(head + tail);
}
