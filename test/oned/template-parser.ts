import { Refusal } from './refusal.ts';
import type { Template } from './template.ts';
import { ParseError, parseText } from './template-text.ts';
import { isWellFormed, parseXml } from './template-xml.ts';

/** libxml2's limit for a text node. A longer value cannot be read back (measured on 6.10: 4 MiB fine, 16 MiB lost). */
const MAX_VALUE_CHARS = 10_000_000;

/** The first byte selects the form, text or XML. A malformed template is refused with the error code of the call. */
export const parseTemplate = (text: string, code: number): Template => {
  try {
    return text.startsWith('<') ? parseXml(text) : parseText(text);
  } catch (cause) {
    if (cause instanceof ParseError) throw new Refusal(code, cause.message);
    throw cause;
  }
};

/**
 * The template after oned has stored it and read it back. Undefined if it cannot be read back, because a value contains
 * `]]>` or exceeds the limit. If the text after `]]>` happens to be well-formed, it turns into separate elements.
 */
export const storable = (template: Template): Template | undefined => {
  const values = template
    .names()
    .flatMap((name) => template.values(name))
    .flatMap((value) => (typeof value === 'string' ? [value] : [...value.values()]));
  if (values.some((value) => value.length > MAX_VALUE_CHARS)) return undefined;
  if (!values.some((value) => value.includes(']]>'))) return template;
  const xml = template.xml('TEMPLATE');
  return isWellFormed(xml) ? parseXml(xml) : undefined;
};
