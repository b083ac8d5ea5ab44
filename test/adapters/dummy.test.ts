import { connect, settings } from '../../adapters/dummy/index.ts';
import { OcciError } from '../../lib/errors.ts';
import { KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { adapterContract } from '../contract/adapter.ts';
import { counted } from './dummy/cloud.ts';

/** The suite makes more reservations than the pool of the default settings has addresses. */
const WIDE_POOL = { floatingIpPools: [{ term: 'wide', title: 'Wide', range: '100.64.0.0/16' }] };

adapterContract({
  name: 'dummy',
  kinds: KIND_TERMS,
  async start() {
    const { table, calls } = counted(memoryTable());
    const environment = { settings: settings.parse(WIDE_POOL), site: 'test', local: true };
    const deadline = Date.now() + 60_000;
    const away = async () => {
      throw new OcciError('unavailable', 'The table is away.');
    };
    const dummy = connect({ ...environment, table });
    const down = connect({ ...environment, table: { ...table, get: away, put: away, query: away, queryKeys: away } });
    return {
      adapter: (name = 'anne') => dummy({ caller: { name }, deadline }),
      refused: () => dummy({ caller: { name: '' }, deadline }),
      down: () => down({ caller: { name: 'anne' }, deadline }),
      calls: () => calls.length,
      stop: async () => {},
    };
  },
});
