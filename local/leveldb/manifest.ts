/** The manifest lists the files of the database (db/version_edit.cc). */
import { Damage } from './damage.ts';
import { Reader } from './reader.ts';
import { recordsOf } from './records.ts';

interface Manifest {
  /** Number of the oldest log that still counts; 0 if the database was never opened completely. */
  log: number;
  /** Size of each table in bytes, by file number. */
  readonly tables: Map<number, number>;
}

const COMPARATOR = 'leveldb.BytewiseComparator';

/** The fields of a record, by tag; each function reads the value. */
const FIELDS: Readonly<Record<number, (reader: Reader, manifest: Manifest) => void>> = {
  1: (reader) => {
    if (reader.string().toString() !== COMPARATOR) throw new Damage('is of a database with another order');
  },
  2: (reader, manifest) => {
    manifest.log = reader.varint();
  },
  // The next file's number, the last sequence number, where the next compaction begins, and a log of old versions.
  3: (reader) => void reader.varint(),
  4: (reader) => void reader.varint(),
  5: (reader) => {
    reader.varint();
    reader.string();
  },
  6: (reader, { tables }) => {
    reader.varint();
    tables.delete(reader.varint());
  },
  7: (reader, { tables }) => {
    reader.varint();
    tables.set(reader.varint(), reader.varint());
    reader.string();
    reader.string();
  },
  9: (reader) => void reader.varint(),
};

/** @throws {Damage} */
export const readManifest = (file: Buffer): Manifest => {
  const manifest: Manifest = { log: 0, tables: new Map() };
  let records = 0;
  for (const record of recordsOf(file)) {
    records += 1;
    const reader = new Reader(record);
    while (!reader.isAtEnd) {
      const tag = reader.varint();
      const read = FIELDS[tag];
      if (!read) throw new Damage(`has a field ${tag} of another version`);
      read(reader, manifest);
    }
  }
  if (records === 0) throw new Damage('is empty');
  return manifest;
};
