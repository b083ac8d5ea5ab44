import { memoryTable } from '../../../lib/table/memory.ts';
import { sharedReads } from '../../../lib/table/shared-reads.ts';
import { mappingStoreContract } from '../../contract/mapping-store.ts';
import { dynaliteTable } from './dynalite-table.ts';

mappingStoreContract({ name: 'memory', start: async () => ({ table: memoryTable() }) });
mappingStoreContract({ name: 'memory with shared reads', start: async () => ({ table: sharedReads(memoryTable()) }) });
mappingStoreContract({ name: 'DynamoDB (dynalite)', start: dynaliteTable });
