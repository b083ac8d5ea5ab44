import { expect, test } from '@jest/globals';
import type { Answer } from '../../../../lib/renderings/rendering.ts';
import { renderTextPlain, renderTextPlainError } from '../../../../lib/renderings/text-plain/render.ts';
import { compute, contextOf, interfaceLink } from '../entity.ts';

const context = contextOf('text/plain');
const render = (answer: Answer) => renderTextPlain(answer, context).body;

test('an entity: categories, action links, links, attributes, in lines that end in LF (TXT-11, SUITE-2, CLIENT-20, CLIENT-21)', () => {
  expect(render({ is: 'entity', entity: compute }).split('\n')).toEqual([
    'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"; title="Compute"',
    'Category: small; scheme="http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#"; class="mixin"; title="Small"',
    'Link: </compute/8f0c?action=start>; rel="http://schemas.ogf.org/occi/infrastructure/compute/action#start"',
    'Link: </network/77aa>; rel="http://schemas.ogf.org/occi/infrastructure#network"; self="/networkinterface/31bd"; ' +
      'category="http://schemas.ogf.org/occi/infrastructure#networkinterface http://schemas.ogf.org/occi/infrastructure/networkinterface#ipnetworkinterface"; ' +
      'occi.core.id="urn:uuid:31bd"; occi.core.title="first"; occi.core.source="/compute/8f0c"; occi.core.target="/network/77aa"; ' +
      'occi.networkinterface.interface="eth0"; occi.networkinterface.state="active"',
    'X-OCCI-Attribute: occi.core.id="urn:uuid:8f0c"',
    'X-OCCI-Attribute: occi.core.title="a \\"quoted\\", title"',
    'X-OCCI-Attribute: occi.core.summary="one; two"',
    'X-OCCI-Attribute: occi.compute.cores=2',
    'X-OCCI-Attribute: occi.compute.memory=2.0',
    'X-OCCI-Attribute: com.example.flag=false',
    '',
  ]);
});

test('a link: its ends are attributes (TXT-12)', () => {
  const lines = render({ is: 'entity', entity: interfaceLink }).split('\n');
  expect(lines).toContain('X-OCCI-Attribute: occi.core.source="/compute/8f0c"');
  expect(lines).toContain(
    'X-OCCI-Attribute: occi.core.target.kind="http://schemas.ogf.org/occi/infrastructure#network"',
  );
});

test('a target without a known kind still has a rel (TXT-7)', () => {
  const link = { ...interfaceLink, target: { location: 'http://elsewhere/1' } };
  const entity = { ...compute, links: [link] };
  expect(render({ is: 'entity', entity })).toContain(
    '<http://elsewhere/1>; rel="http://schemas.ogf.org/occi/core#resource"',
  );
});

const LOCATIONS = 'X-OCCI-Location: http://host:3300/compute/1\nX-OCCI-Location: http://host:3300/compute/2';

test('a collection is lines of locations, none of them if it is empty (TXT-16)', () => {
  expect(render({ is: 'collection', locations: ['/compute/1', '/compute/2'] })).toBe(`${LOCATIONS}\n`);
  expect(render({ is: 'collection', locations: ['/compute/1'] })).toMatch(/[^\n]\n$/);
  expect(render({ is: 'collection', locations: [] })).toBe('');
});

test('one entity that was created stands without a line end (CLIENT-2), several are lines', () => {
  expect(render({ is: 'created', locations: ['/compute/1'] })).toBe('X-OCCI-Location: http://host:3300/compute/1');
  expect(render({ is: 'created', locations: ['/compute/1', '/compute/2'] })).toBe(`${LOCATIONS}\n`);
});

test('nothing ends a listing for a client that splits it at line ends, and all else has its lines (CLIENT-24)', () => {
  const toSplit = (answer: Answer) => renderTextPlain(answer, { ...context, splitsAtLineEnds: true }).body;
  for (const is of ['collection', 'created'] as const) {
    expect(toSplit({ is, locations: ['/compute/1', '/compute/2'] })).toBe(LOCATIONS);
  }
  for (const answer of [{ is: 'done' }, { is: 'entity', entity: compute }] as const) {
    expect(toSplit(answer)).toBe(render(answer));
  }
});

test('done is a line OK', () => expect(render({ is: 'done' })).toBe('OK\n'));

test('the Content-Type is what was asked for (TXT-21, SUITE-8)', () => {
  const { headers } = renderTextPlain({ is: 'done' }, contextOf('text/occi+plain'));
  expect(headers).toEqual({ 'Content-Type': 'text/occi+plain; charset=utf-8' });
});

test('an error is its sentence (ADR-14)', () => {
  const rendered = renderTextPlainError({ status: 400, message: 'Line 1: no.' }, context);
  expect(rendered).toEqual({ headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'Line 1: no.\n' });
});
