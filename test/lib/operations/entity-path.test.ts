import { describe, expect, test } from '@jest/globals';
import { entityPath } from '../../../lib/entities/locate.ts';

const UUID = '001018a1-5bdb-5593-b8ad-45813de0f8a0';

describe('The path of an entity', () => {
  test.each([
    [`/compute/${UUID}`],
    [`/compute/${UUID}/`],
    [`/compute/${UUID.toUpperCase()}`],
    [`/compute/urn:uuid:${UUID}`],
    [`/compute/URN:UUID:${UUID.toUpperCase()}/`],
  ])('%s says kind and id', (path) => {
    expect(entityPath(path)).toEqual({ path, kind: 'compute', uuid: UUID });
  });

  test.each([['/compute/web'], ['/compute/racks/7'], ['/compute/3f0c9d4e-0000-4000-8000-000000000000']])(
    '%s, which a client chose, says its kind only',
    (path) => {
      expect(entityPath(path)).toEqual({ path, kind: 'compute', uuid: undefined });
    },
  );

  test.each([['/'], ['/compute'], ['/compute/'], ['/compute/urn:uuid:'], ['/compute/urn:uuid:/'], [`/rack/${UUID}`]])(
    '%s is below no kind',
    (path) => {
      expect(entityPath(path)).toEqual({ path });
    },
  );
});
