/**
 * Field parsers for native documents. Values that oned writes are validated strictly. Values that users can write (user
 * templates, contexts) never fail validation: one odd machine must not hide all others on its page.
 */
import * as z from 'zod';
import { type Element, readChildren } from '../api/document.ts';
import type { PoolShape } from '../api/shape.ts';
import { NotXmlRpc } from '../api/xml-rpc.ts';

/** A number that oned writes. */
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number);

/**
 * Copies the text. A substring of a document keeps the whole document in memory, so a listing that kept one name per
 * page would keep all pages.
 */
const alone = (value: string): string => (value.length < MIN_SLICE_CHARS ? value : Buffer.from(value).toString());

/** V8 itself copies shorter substrings. */
const MIN_SLICE_CHARS = 13;

/** A text that oned writes; an empty one is ''. */
export const text = z.string().transform(alone);

/** Applies `read` to a value that may be absent. Costs a tenth of zod's `catch`. */
const loose = <T>(read: (value: string) => T | undefined) =>
  z
    .unknown()
    .transform((value) => (typeof value === 'string' && value !== '' ? read(value) : undefined))
    .optional();

/** A text; undefined if it is absent, empty or, where users write it, not a text. */
export const looseText = loose(alone);

/** A number; undefined if it is absent, empty (`<VLAN_ID/>`) or malformed. */
export const looseNumber = loose((value) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : undefined));

/** YES or NO in any case, 1 or 0; undefined for anything else. */
export const looseFlag = loose((value) => {
  if (/^(yes|1|true)$/i.test(value)) return true;
  return /^(no|0|false)$/i.test(value) ? false : undefined;
});

/** A comma-separated list of numbers (`SECURITY_GROUPS`), possibly empty. */
export const numbers = z.preprocess(
  (value) => (typeof value === 'string' ? (value.match(/\d{1,15}/g) ?? []).map(Number) : []),
  z.array(z.number()),
);

/** An element with children. An empty element, or a text that a user wrote instead, counts as having no children. */
export const vector = <S extends z.ZodRawShape>(shape: S) => {
  const object = z.object(shape);
  return z.preprocess((value) => (isVector(value) ? value : {}), object);
};

/** An element that occurs any number of times. Occurrences without children are left out. */
export const several = <S extends z.ZodRawShape>(shape: S) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value.filter(isVector) : isVector(value) ? [value] : []),
    z.array(z.object(shape)),
  );

/** `<X><ID>1</ID><ID>2</ID></X>`. */
export const ids = z.preprocess((value) => {
  const list = isVector(value) ? value.ID : undefined;
  return list === undefined ? [] : Array.isArray(list) ? list : [list];
}, z.array(integer));

/** All single text attributes, by name. Vectors and repeated attributes are left out. */
export const attributes = z.preprocess(
  (value) =>
    isVector(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [[name, alone(one)]] : [])),
        )
      : {},
  z.record(z.string(), z.string()),
);

/** The content of a document's root element, which must have this name. */
export const root = <T>(name: string, shape: z.ZodType<T>): z.ZodType<T> =>
  z
    .custom<Readonly<Record<string, Element>>>((document) => isVector(document) && Object.hasOwn(document, name))
    .transform((document): unknown => document[name])
    .pipe(shape);

/** The elements of this name in a pool. */
export const pool = <T>(poolName: string, name: string, shape: z.ZodType<T>): PoolShape<T> => {
  const members = z.preprocess((value) => {
    const list = isVector(value) ? value[name] : undefined;
    return list === undefined ? [] : Array.isArray(list) ? list : [list];
  }, z.array(shape));
  const whole = root(poolName, members);
  return {
    parse: (document) => whole.parse(document),
    read(bytes) {
      const items: T[] = [];
      const rootName = readChildren(bytes, (child, element) => {
        if (child === name) items.push(shape.parse(element));
      });
      if (rootName !== poolName) throw new NotXmlRpc('the document is of another kind');
      return items;
    },
  };
};

function isVector(value: unknown): value is Readonly<Record<string, Element>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
