/**
 * Fields of native documents. What oned itself writes is checked; what users can put there (user templates, contexts)
 * never makes an answer wrong: one odd machine must not hide all others of its page.
 */
import * as z from 'zod';
import type { Element } from '../api/document.ts';

/** A number that oned writes. */
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number);

/**
 * The same text, alone. What a parser cuts out of a document goes on holding the whole document: a listing that keeps
 * one name of each page would keep all pages.
 */
const alone = (value: string): string => (value.length < MIN_SLICE_CHARS ? value : Buffer.from(value).toString());

/** Shorter ones V8 copies by itself. */
const MIN_SLICE_CHARS = 13;

/** A text that oned writes; an empty one is ''. */
export const text = z.string().transform(alone);

/** What `read` makes of a value, which may be absent. This form of it costs a tenth of a `catch`. */
const loose = <T>(read: (value: string) => T | undefined) =>
  z
    .unknown()
    .transform((value) => (typeof value === 'string' && value !== '' ? read(value) : undefined))
    .optional();

/** A text that may be absent, empty or, where users write it, of another kind: then it is undefined. */
export const looseText = loose(alone);

/** A number that may be absent, empty (`<VLAN_ID/>`) or none: then it is undefined. */
export const looseNumber = loose((value) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : undefined));

/** YES or NO in any case, 1 or 0; undefined for anything else. */
export const looseFlag = loose((value) => {
  if (/^(yes|1|true)$/i.test(value)) return true;
  return /^(no|0|false)$/i.test(value) ? false : undefined;
});

/** Numbers between commas (`SECURITY_GROUPS`), or none. */
export const numbers = z.preprocess(
  (value) => (typeof value === 'string' ? (value.match(/\d{1,15}/g) ?? []).map(Number) : []),
  z.array(z.number()),
);

/** An element with children; an empty one, or a text where users may write one, has none of them. */
export const vector = <S extends z.ZodRawShape>(shape: S) => {
  const object = z.object(shape);
  return z.preprocess((value) => (isVector(value) ? value : {}), object);
};

/** Repeated elements: none, one or several. Those that have no children are left out. */
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

/** All attributes with one text each, by name; vectors and attributes that are there twice are left out. */
export const attributes = z.preprocess(
  (value) =>
    isVector(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [[name, alone(one)]] : [])),
        )
      : {},
  z.record(z.string(), z.string()),
);

/** What is inside a document's root element, of this name. */
export const root = <T>(name: string, shape: z.ZodType<T>): z.ZodType<T> =>
  z
    .custom<Readonly<Record<string, Element>>>((document) => isVector(document) && Object.hasOwn(document, name))
    .transform((document): unknown => document[name])
    .pipe(shape);

/** What is inside a pool: the elements of this name. */
export const pool = <T>(poolName: string, name: string, shape: z.ZodType<T>): z.ZodType<T[]> => {
  const members = z.preprocess((value) => {
    const list = isVector(value) ? value[name] : undefined;
    return list === undefined ? [] : Array.isArray(list) ? list : [list];
  }, z.array(shape));
  return root(poolName, members);
};

function isVector(value: unknown): value is Readonly<Record<string, Element>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
