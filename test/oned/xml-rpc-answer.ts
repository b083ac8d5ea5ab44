import { type Fault, Refusal } from './refusal.ts';
import { escaped } from './xml.ts';

/** Text that was escaped before, so that the XML of an unchanged object is made once. */
export class EscapedText {
  constructor(readonly text: string) {}
}

/** What a call answers; a list stands for a plain array (`system.listMethods`). */
export type AnswerValue = string | number | EscapedText | readonly AnswerValue[];

const value = (content: AnswerValue): string => {
  if (typeof content === 'number') return `<value><i4>${content}</i4></value>`;
  if (typeof content === 'string') return `<value><string>${escaped(content)}</string></value>`;
  if (content instanceof EscapedText) return `<value><string>${content.text}</string></value>`;
  return array(content.map(value));
};

const array = (values: readonly string[]): string =>
  `<value><array><data>\r\n${values.map((one) => `${one}\r\n`).join('')}</data></array></value>`;

const TRUE = '<value><boolean>1</boolean></value>';
const FALSE = '<value><boolean>0</boolean></value>';

/** Three items: `[true, value, 0]`. */
export const success = (content: AnswerValue): string => array([TRUE, value(content), value(0)]);

/** Five items: `[false, "[method] sentence", code, object, -1]`; the last is an `<i8>`. */
export const refused = (method: string, { sentence, code, objectId }: Refusal): string =>
  array([FALSE, value(`[${method}] ${sentence}`), value(code), value(objectId), '<value><i8>-1</i8></value>']);

export const bare = value;

/** A fault as the value of one call of a `system.multicall`. */
export const faultStruct = ({ code, text }: Fault): string =>
  [
    '<value><struct>',
    `<member><name>faultCode</name>`,
    `<value><i4>${code}</i4></value></member>`,
    '<member><name>faultString</name>',
    `<value><string>${escaped(text)}</string></value></member>`,
    '</struct></value>',
  ].join('\r\n');

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n';

export const response = (written: string): string =>
  `${HEAD}<params>\r\n<param>${written}</param>\r\n</params>\r\n</methodResponse>\r\n`;

export const faultResponse = (fault: Fault): string =>
  `${HEAD}<fault>\r\n${faultStruct(fault)}\r\n</fault>\r\n</methodResponse>\r\n`;

export const several = array;

export const answered = (method: string, run: () => AnswerValue): string => {
  try {
    return success(run());
  } catch (cause) {
    if (cause instanceof Refusal) return refused(method, cause);
    throw cause;
  }
};
