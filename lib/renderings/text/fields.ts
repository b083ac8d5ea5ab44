import { type AttributeBag, emptyAttributes } from '../attributes.ts';
import { NOTHING, type Parsed, type ParsedCategory, type ParsedLink, type Part } from '../rendering.ts';
import { readAttributes } from './attribute.ts';
import { readCategories } from './category.ts';
import type { Cursor } from './cursor.ts';
import { readLinks } from './link.ts';
import { readLocations } from './location.ts';

/** The fields of OCCI by the spelling that is written (CLIENT-10) and by lower-cased name, with the aliases of ADR-18. */
export const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['Category', 'Category'],
  ['Link', 'Link'],
  ['X-OCCI-Attribute', 'X-OCCI-Attribute'],
  ['X-OCCI-Location', 'X-OCCI-Location'],
  ['category', 'Category'],
  ['x-occi-category', 'Category'],
  ['link', 'Link'],
  ['x-occi-link', 'Link'],
  ['x-occi-attribute', 'X-OCCI-Attribute'],
  ['x-occi-location', 'X-OCCI-Location'],
]);

/** The names of their header fields, which arrive in lower case. */
export const HEADER_NAMES = [...FIELDS.keys()].filter((name) => name === name.toLowerCase());

export type Field = 'Category' | 'Link' | 'X-OCCI-Attribute' | 'X-OCCI-Location';

/** Collects the fields of one request, whether they are lines or headers. */
export class FieldReader {
  readonly #categories: ParsedCategory[] = [];
  readonly #links: ParsedLink[] = [];
  readonly #actions: Part['actions'][number][] = [];
  readonly #locations: string[] = [];
  #emptyLocations = false;
  #attributes: AttributeBag | undefined;

  /** Reads the field that a cursor was turned to. Throws `OcciError('invalid')` that names it. */
  read(field: Field, cursor: Cursor): void {
    if (field === 'Category') readCategories(cursor, this.#categories);
    else if (field === 'Link') readLinks(cursor, this.#links, this.#actions);
    else if (field === 'X-OCCI-Location') {
      const before = this.#locations.length;
      readLocations(cursor, this.#locations);
      this.#emptyLocations ||= this.#locations.length === before;
    } else {
      // An empty field is absent (RFC 9110 §5.6.1.2): it must not make a part that says nothing.
      if (!this.#attributes && !cursor.nextElement()) return;
      this.#attributes ??= emptyAttributes();
      readAttributes(cursor, this.#attributes);
    }
  }

  /** The result: one part, or none if there were only locations. */
  parsed(): Parsed {
    const empty = this.#categories.length + this.#links.length + this.#actions.length === 0 && !this.#attributes;
    const locations = { locations: this.#locations, ...(this.#emptyLocations && { emptyLocations: true as const }) };
    if (empty) return this.#locations.length > 0 || this.#emptyLocations ? { parts: [], ...locations } : NOTHING;
    const part: Part = {
      categories: this.#categories,
      links: this.#links,
      actions: this.#actions,
      attributes: this.#attributes ?? emptyAttributes(),
    };
    return { parts: [part], ...locations };
  }
}
