import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAnswer } from '../../../../adapters/opennebula/api/answer.ts';
import {
  encodeCall,
  encodeMulticall,
  multicallResults,
  NotXmlRpc,
  OneRefusal,
  tupleResult,
} from '../../../../adapters/opennebula/api/xml-rpc.ts';
import { decodeReferences } from '../../../../adapters/opennebula/api/xml-text.ts';
import { bytesOf, recording, recordings } from '../recordings.ts';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const around = (value: string) =>
  Buffer.from(`<?xml version="1.0"?>\r\n<methodResponse><params><param>${value}</param></params></methodResponse>\r\n`);
const text = (inside: string) => around(`<value><string>${inside}</string></value>`);

describe('An answer of oned', () => {
  const all = recordings(/^(one\.|protocol--(?!empty-body))/);

  test('is recorded in numbers', () => {
    expect(all.length).toBeGreaterThan(300);
  });

  test.each(all)('%s is read as it was decoded', (name) => {
    const { tuple, fault } = recording(name).decoded;
    const answer = readAnswer(bytesOf(name));
    if (fault) expect(answer).toEqual({ faultCode: fault.code, faultString: fault.string });
    else expect(answer).toEqual(tuple);
  });

  test('is a refusal when its tuple says so: with four items, with five, with an i8', () => {
    const refusal = tupleResult(readAnswer(bytesOf('one.vm.info--no-such')));
    expect(refusal).toBeInstanceOf(OneRefusal);
    expect(refusal).toMatchObject({ code: 1024, objectId: 123456 });
    const old =
      '<boolean>0</boolean></value><value><string>no</string></value><value><i4>512</i4></value><value><i4>-1</i4>';
    const four = readAnswer(around(`<value><array><data><value>${old}</value></data></array></value>`));
    expect(tupleResult(four)).toMatchObject({ code: 512, objectId: undefined });
  });

  test('that is a fault about bad XML does not tell what stood there', () => {
    const fault = tupleResult(readAnswer(bytesOf('protocol--control-char'))) as OneRefusal;
    expect(fault.code).toBe(-503);
    expect(`${fault.sentence} ${fault.message}`).not.toContain('methodCall');
    expect(fault.sentence).not.toContain('token at');
  });

  test('may hold any text, decoded once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => {
        const sent = any.replace(/\0/g, '');
        expect(readAnswer(text(escaped(sent)))).toBe(sent);
      }),
    );
    expect(readAnswer(text('&amp;lt;&#233;&#x1F600;&#38;amp;&quot;&apos;'))).toBe('&lt;é😀&amp;"\'');
    expect(readAnswer(around('<value>plain</value>'))).toBe('plain');
    expect(readAnswer(around('<value/>'))).toBe('');
    expect(readAnswer(around('<value><string/></value>'))).toBe('');
    expect(readAnswer(around('<value><nil/></value>'))).toBeNull();
  });

  test.each([
    ['empty', ''],
    ['HTML', '<!DOCTYPE html><html><body>Bad gateway</body></html>'],
    ['JSON', '{"ok":true}'],
    ['cut within the envelope', bytesOf('one.vm.info--no-such').toString().slice(0, 180)],
    ['cut within the text', bytesOf('one.vm.info--only-id').toString().slice(0, 900)],
    ['cut before its end', bytesOf('one.vm.info--only-id').toString().trimEnd().slice(0, -1)],
    ['followed by something', `${bytesOf('one.vm.info--no-such')}<x/>`],
    ['with an entity of its own', text('&boom;').toString()],
    ['with a reference to no character', text('&#0;').toString()],
    ['with a lone ampersand', text('a & b').toString()],
    ['with an invalid number', around('<value><i4>many</i4></value>').toString()],
    ['with a type that does not exist', around('<value><base65>x</base65></value>').toString()],
    ['nested without end', around(`${'<value><array><data>'.repeat(40)}`).toString()],
    ['a fault without code', '<methodResponse><fault><value>x</value></fault></methodResponse>'],
  ])('is refused when it is %s', (_name, body) => {
    expect(() => readAnswer(Buffer.from(body))).toThrow(NotXmlRpc);
  });

  test('that cannot be read is not quoted', () => {
    expect(() => readAnswer(text('&s3cret;'))).toThrow(/^(?!.*s3cret)/);
  });

  test.each([[['x']], [[true]], [[false, 'no']], ['x'], [[1, 2, 3]]])('that is no tuple is refused: %j', (value) => {
    expect(() => tupleResult(value as never)).toThrow(NotXmlRpc);
  });
});

describe('A call', () => {
  test('is written as the recorded ones were', () => {
    const { params } = recording('one.user.info--self').decoded;
    expect(encodeCall('one.user.info', params as string[])).toBe(recording('one.user.info--self').request.body);
  });

  test('carries every text that it may', () => {
    const body = encodeCall('one.vm.rename', ['a:b', 1, 'x < y & "z"\r\n', true]);
    expect(body).toContain('<string>x &lt; y &amp; "z"&#13;\n</string>');
    expect(decodeReferences('x &lt; y &amp; "z"&#13;')).toBe('x < y & "z"\r');
  });

  test.each(['\u0001', '😀', '\ud800', '\uffff'])('refuses a text that oned does not read: %j', (odd) => {
    expect(() => encodeCall('one.vm.rename', ['a:b', 1, odd])).toThrow(RangeError);
  });

  test.each([1.5, 2 ** 31, Number.NaN])('refuses a number that XML-RPC does not have: %d', (number) => {
    expect(() => encodeCall('one.vm.info', ['a:b', number])).toThrow(RangeError);
  });
});

describe('A multicall', () => {
  const tuple = (inside: string) => `<value><array><data>${inside}</data></array></value>`;
  const good = tuple('<value><boolean>1</boolean></value><value><i4>7</i4></value><value><i4>0</i4></value>');
  const bad = tuple(
    '<value><boolean>0</boolean></value><value><string>no</string></value><value><i4>1024</i4></value>',
  );
  const fault =
    '<value><struct><member><name>faultCode</name><value><i4>-501</i4></value></member>' +
    '<member><name>faultString</name><value><string>few</string></value></member></struct></value>';

  test('gives each result in place: values, refusals, faults', () => {
    const answer = readAnswer(around(tuple(`${tuple(good)}${tuple(bad)}${fault}`)));
    const [first, second, third] = multicallResults(answer, 3);
    expect(first).toBe(7);
    expect(second).toMatchObject({ code: 1024 });
    expect(third).toMatchObject({ code: -501 });
  });

  test('without an entry for each call is refused', () => {
    expect(() => multicallResults(readAnswer(around(tuple(tuple(good)))), 2)).toThrow(NotXmlRpc);
  });

  test('is one call with many inside', () => {
    const body = encodeMulticall([{ method: 'one.vm.info', params: ['a:b', 1] }]);
    expect(body).toContain('<name>methodName</name><value><string>one.vm.info</string></value>');
    expect(body.match(/<param>/g)).toHaveLength(1);
  });
});
