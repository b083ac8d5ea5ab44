import { connect, settings } from '../../adapters/dummy/index.ts';
import { OcciError } from '../../lib/errors.ts';
import { KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import type { Table } from '../../lib/table/table.ts';
import { adapterContract } from '../contract/adapter.ts';

/** A table that counts what is asked of it. */
function counted(table: Table): { readonly table: Table; readonly calls: () => number } {
  let calls = 0;
  const counting = Object.fromEntries(
    Object.entries(table).map(([name, method]) => [
      name,
      (...call: unknown[]) => {
        calls++;
        return (method as (...call: unknown[]) => unknown)(...call);
      },
    ]),
  );
  return { table: counting as unknown as Table, calls: () => calls };
}

adapterContract({
  name: 'dummy',
  kinds: KIND_TERMS,
  async start() {
    const { table, calls } = counted(memoryTable());
    const environment = {
      settings: settings.parse({ floatingIpPools: [{ term: 'wide', title: 'Wide', range: '100.64.0.0/16' }] }),
      site: 'test',
      local: true,
    };
    const deadline = Date.now() + 60_000;
    const dummy = connect({ ...environment, table });
    const away = async () => {
      throw new OcciError('unavailable', 'The table is away.');
    };
    const down = connect({ ...environment, table: { ...table, get: away, query: away, queryKeys: away, put: away } });
    return {
      adapter: (name = 'anne') => dummy({ caller: { name }, deadline }),
      refused: () => dummy({ caller: { name: '' }, deadline }),
      down: () => down({ caller: { name: 'anne' }, deadline }),
      calls,
      stop: async () => {},
    };
  },
});
