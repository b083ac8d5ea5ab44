/** What is held against one DynamoDB of others: the contracts of the table and of the mapping store, and its differences. */
import { mappingStoreContract } from '../contract/mapping-store.ts';
import { tableContract } from '../contract/table.ts';
import { type Emulator, holdDifferences } from './differences.ts';
import { newTable } from './new-table.ts';

export interface TablePeer {
  readonly name: Emulator;
  /** Starts it, or finds the one of the run. */
  readonly start: () => Promise<{ readonly endpoint: string; stop(): Promise<void> }>;
  /** Cases of the table's contract that it cannot pass, with the reason for each. */
  readonly skip?: Readonly<Record<string, string>>;
}

export const tableSuite = ({ name, start, skip = {} }: TablePeer): void => {
  const startTable = async () => {
    const { endpoint, stop } = await start();
    const { table } = await newTable(endpoint);
    return { table, stop };
  };
  tableContract({ name: `DynamoDB (${name})`, start: startTable, skip });
  mappingStoreContract({ name: `DynamoDB (${name})`, start: startTable });
  holdDifferences(name, start);
};

/** One that the run has started and told by a variable of the environment. */
export const startedAt = (variable: string) => async () => {
  const endpoint = process.env[variable];
  if (!endpoint) throw new Error(`${variable} is not set: npm run test:tables starts what these tests need`);
  return { endpoint, stop: async () => {} };
};
