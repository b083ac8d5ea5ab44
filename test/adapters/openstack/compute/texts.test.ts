/** Texts and user data as Nova takes them. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clientText } from '../../../../adapters/openstack/api/client-text.ts';
import { cannotHoldText } from '../../../../adapters/openstack/compute/texts.ts';
import { nativeUserData } from '../../../../adapters/openstack/compute/user-data.ts';
import { isGivenKey, ownPorts, portsMetadata } from '../../../../adapters/openstack/machine/labels.ts';

describe('titles and summaries', () => {
  test.each([
    ['two words, a comma and "quotes"; ÄÖ', false],
    ['Кириллица 漢字', false],
    [' blank first', true],
    ['blank last ', true],
    ['', true],
    ['x'.repeat(255), false],
    ['x'.repeat(256), true],
    ['a smile 😀', true],
    ['two\nlines', true],
    ['a tab\there', true],
    ['a zero-width\u200bspace', true],
  ])('%j is kept by the store: %s', (value, kept) => {
    expect(cannotHoldText('occi.core.title', value)).toBe(kept);
    expect(cannotHoldText('occi.core.summary', value)).toBe(kept);
  });

  test('other attributes are not for this rule', () => {
    expect(cannotHoldText('occi.compute.hostname', ' x')).toBe(false);
  });
});

describe('user data', () => {
  test('text of any language arrives as base64 of its UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (text) => {
        const data = nativeUserData({ 'occi.compute.userdata': `#!${text}` });
        expect(data).toMatch(/^[A-Za-z0-9+/]*={0,2}$/);
        expect(Buffer.from(data!, 'base64').toString()).toBe(Buffer.from(`#!${text}`).toString());
      }),
    );
  });

  test('the longest that Nova takes is 49,149 bytes', () => {
    expect(nativeUserData({ 'occi.compute.userdata': '#'.repeat(49_149) })!.length).toBeLessThanOrEqual(65_535);
    expect(() => nativeUserData({ 'occi.compute.userdata': '#'.repeat(49_150) })).toThrow(/49150 bytes.*at most 49149/);
  });

  test('none is none', () => {
    expect(nativeUserData({})).toBeUndefined();
  });
});

describe('labels', () => {
  test('the ports of a server are told by its metadata, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.uuid(), { maxLength: 60 }), (ports) => {
        const metadata = portsMetadata(ports);
        for (const value of Object.values(metadata)) expect(value.length).toBeLessThanOrEqual(255);
        expect(ownPorts({ metadata: { other: 'x', ...metadata } })).toEqual(ports);
      }),
    );
  });

  test('only a name of 64 digits is of a key of ours', () => {
    expect([`occi-${'0'.repeat(64)}`, 'occi-1', 'k1'].map(isGivenKey)).toEqual([true, false, false]);
  });
});

test('a text for clients has no ids, whatever stands around them, and is one line', () => {
  fc.assert(
    fc.property(fc.string(), fc.uuid(), fc.string(), (before, id, after) => {
      const text = clientText(`${before} ${id} ${after}`);
      expect(text).not.toContain(id);
      expect(text).not.toMatch(/[\r\n]/);
      expect(text.length).toBeLessThanOrEqual(250);
    }),
  );
});
