import { Refusal } from './refusal.ts';
import type { Template } from './template.ts';
import { ParseError, parseText } from './template-text.ts';
import { isWellFormed, parseXml } from './template-xml.ts';

/** libxml2's limit for one text node; what is longer cannot be read back (measured on 6.10: 4 MiB fine, 16 MiB lost). */
const LARGEST_VALUE = 10_000_000;

/** The first byte decides about the form. A template that cannot be read is refused with the code of the call. */
export const parseTemplate = (text: string, code: number): Template => {
  try {
    return text.startsWith('<') ? parseXml(text) : parseText(text);
  } catch (cause) {
    if (cause instanceof ParseError) throw new Refusal(code, cause.message);
    throw cause;
  }
};

/**
 * What is left of a template after oned has written it and read it again. Undefined when it cannot be read back:
 * `]]>` in a value, or a value over the limit. Where what follows `]]>` happens to be well-formed, it becomes elements
 * of its own.
 */
export const storable = (template: Template): Template | undefined => {
  const values = template
    .names()
    .flatMap((name) => template.values(name))
    .flatMap((value) => (typeof value === 'string' ? [value] : [...value.values()]));
  if (values.some((value) => value.length > LARGEST_VALUE)) return undefined;
  if (!values.some((value) => value.includes(']]>'))) return template;
  const xml = template.xml('TEMPLATE');
  return isWellFormed(xml) ? parseXml(xml) : undefined;
};
